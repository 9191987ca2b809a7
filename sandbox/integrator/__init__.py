"""An emulator of integrator.io's connection API: written from its documents, sharing nothing with app."""
