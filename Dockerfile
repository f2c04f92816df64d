FROM python:3.13-slim AS made
COPY requirements.lock pyproject.toml README.md LICENSE /evenwicht/
COPY src /evenwicht/src
WORKDIR /evenwicht
# the versions of the lock; without its hashes, which would be asked of this folder too
RUN grep -E '^[a-z0-9]' requirements.lock | sed 's/ \\$//' > versions.txt \
 && python -m venv /venv && /venv/bin/pip install --no-cache-dir --constraint versions.txt ".[web]" \
 && /venv/bin/python -m evenwicht.engines.warm

FROM python:3.13-slim
RUN useradd --create-home --uid 1000 evenwicht && mkdir /var/lib/evenwicht && chown evenwicht /var/lib/evenwicht
COPY --from=made --chown=evenwicht /venv /venv
ENV PATH=/venv/bin:$PATH EVENWICHT_HOME=/var/lib/evenwicht HOST=0.0.0.0 PORT=8000
USER evenwicht
VOLUME /var/lib/evenwicht
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz')"]
CMD ["evenwicht", "serve"]
