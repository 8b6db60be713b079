# What a container of the Docker sandbox runs. Built on demand from `runner/`, the compiled files of
# the packages; no RUN line, so a base without a shell will do, and any builder.
ARG BASE_IMAGE=node:24-slim
FROM ${BASE_IMAGE}
COPY runner/ /opt/codemode/
ENV NODE_ENV=production HOME=/workspace
WORKDIR /workspace
USER 10001:10001
