# Keyhatch as one image:         docker build -t keyhatch .
# with the sandbox's world in it: docker build -t keyhatch-sandbox --target sandbox .   (never for production)
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python -m venv /opt/keyhatch && python -m venv /opt/hatch
COPY requirements/core.txt requirements/build.txt requirements/
RUN /opt/keyhatch/bin/pip install --require-hashes -r requirements/core.txt \
    && /opt/hatch/bin/pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY templates templates
COPY static static
# --no-build-isolation, or pip would fetch a builder that no lock pins.
RUN /opt/hatch/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/keyhatch/bin/pip install --no-deps dist/*.whl

FROM build AS build-sandbox
COPY requirements/sandbox.txt requirements/
RUN /opt/keyhatch/bin/pip install --require-hashes -r requirements/sandbox.txt

FROM ${PYTHON_IMAGE} AS run
RUN groupadd --gid 10001 keyhatch \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin keyhatch \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
ENV PATH=/opt/keyhatch/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /data
USER 10001:10001
STOPSIGNAL SIGTERM

FROM run AS sandbox
COPY --from=build-sandbox /opt/keyhatch /opt/keyhatch
COPY sandbox /opt/sandbox/sandbox
ENV PYTHONPATH=/opt/sandbox
EXPOSE 8401 8402
CMD ["python", "-m", "sandbox"]

FROM run AS keyhatch
LABEL org.opencontainers.image.title="Keyhatch" \
      org.opencontainers.image.description="An embeddable credential form over integrator.io" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
COPY --from=build /opt/keyhatch /opt/keyhatch
ENV KEYHATCH_LISTEN=0.0.0.0 \
    KEYHATCH_DATABASE_URL=sqlite:////data/keyhatch.sqlite3
VOLUME /data
EXPOSE 8400
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('KEYHATCH_PORT', '8400')), timeout=4); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]
CMD ["keyhatch", "serve"]
