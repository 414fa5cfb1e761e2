# Two stages on one base: the first builds the client and the wheel, the second holds what runs.
# scripts/prove-install carries these steps out where no container engine is to be had, and fails
# where they add more than 360 MB to the base. Of the 343 that they add, 104 are PyAV with its
# FFmpeg, 49 Pillow with the libraries of HEIC, and 52 Python's bytecode, without which every start
# of a container would compile all anew.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/build && python -m venv /opt/wagu
COPY requirements/ requirements/
RUN /opt/build/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.txt
RUN /opt/wagu/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/runtime.txt
COPY package.json package-lock.json .npmrc hatch_build.py ./
RUN /opt/build/bin/python hatch_build.py
COPY . .
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /tmp/wheel . \
 && /opt/wagu/bin/pip install --no-deps --no-index /tmp/wheel/*.whl \
 && /opt/wagu/bin/pip uninstall --yes setuptools pip

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin wagu \
 && install -d -o wagu -g wagu /data
COPY --from=build /opt/wagu /opt/wagu
ENV PATH=/opt/wagu/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 WAGU_DATA_DIR=/data
WORKDIR /data
USER wagu
VOLUME /data
# HTTP and WebSocket in TCP, media in UDP and, where a network drops that, in TCP: one number.
EXPOSE 8080/tcp 8080/udp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:%s/readyz' % os.environ.get('WAGU_PORT', '8080'), timeout=4)"]
ENTRYPOINT ["wagu"]
CMD ["serve"]
