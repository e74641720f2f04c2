# Rasa, alone with the Python 3.10 it needs: docker build -f ops/deploy/rasa.Dockerfile -t firstline-rasa .
# Only what Rasa runs of Firstline is in it: the dialogue, its channel and its stores. The assistant is trained here.

FROM python:3.10-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/rasa
WORKDIR /src
COPY bot/requirements.lock ./
RUN /opt/rasa/bin/pip install --no-deps --require-hashes -r requirements.lock

FROM packages AS model
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /app
COPY config.yml logs.py personal_data.py secret_values.py ./
COPY bot bot
COPY data data
RUN mv "$(/opt/rasa/bin/python -m bot.train --state /srv/rasa | tail -1)" /srv/rasa/assistant.tar.gz

FROM python:3.10-slim-bookworm
ENV PATH=/opt/rasa/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp MPLCONFIGDIR=/tmp
RUN useradd --system --uid 10002 --no-create-home rasa
WORKDIR /app
COPY --from=packages /opt/rasa /opt/rasa
COPY --from=model /srv/rasa/assistant.tar.gz /srv/rasa/assistant.tar.gz
COPY logs.py personal_data.py secret_values.py ./
COPY bot bot
COPY data/operator/masking.yml data/operator/masking.yml
USER 10002
EXPOSE 5005
CMD ["python", "-m", "bot.server", "--model", "/srv/rasa/assistant.tar.gz", "--interface", "0.0.0.0", "--port", "5005"]
