FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/agora
COPY requirements.txt ./
RUN /opt/agora/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE knowledge.yaml ./
COPY bot ./bot
COPY migrations ./migrations
RUN /opt/agora/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
# A fixed user id, so that a volume's files keep their owner from image to image.
RUN useradd --uid 10001 --create-home agora && install -d -o agora -g agora /data
COPY --from=build /opt/agora /opt/agora
ENV PATH=/opt/agora/bin:$PATH PYTHONUNBUFFERED=1 DATABASE_PATH=/data/agora.db KNOWLEDGE_FILE=/data/knowledge.yaml
USER agora
WORKDIR /data
VOLUME /data
EXPOSE 8080
# Agora ends within eight seconds of SIGTERM; give it ten before a harder signal (docker's own default).
STOPSIGNAL SIGTERM
CMD ["agora", "run"]
