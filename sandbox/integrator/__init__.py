"""An emulator of integrator.io's connection API, made from its documents; takes nothing of app."""
