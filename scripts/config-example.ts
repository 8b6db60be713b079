/** A config that names every key: docs/configuration.md shows it, and a test loads it. */
export const CONFIG_EXAMPLE = `{
  "sandbox_variant": "isolated-vm",
  "hardening": "none",
  "workspace_path": "./workspace",
  // The model writes programs; it cannot call tools one by one.
  "allow_read": ["./shared"],
  "allow_write": ["./shared/out"],
  "allow_direct_tool_calls": false,
  "max_tool_calls": 100,
  "default_timeout": 60,
  "memory_limit_mb": 256,
  "prewarm": 2,
  "pool": {
    "max_runners": 16,
    "acquire_timeout_ms": 5000,
    "session_idle_ms": 600000,
    "prewarm_idle_ms": 120000,
    "prewarm_max_age_ms": 1800000
  },
  "shutdown_grace_ms": 8000,
  "http": {
    "host": "127.0.0.1",
    "port": 8000,
    "path": "/mcp",
    "token": "\${CODEMODE_TOKEN:-a token of sixteen or more}",
    "allowed_hosts": ["codemode.internal"],
    "allowed_origins": ["localhost"],
    "allow_unsafe_sandbox": false
  },
  "docker": {
    "host": "unix:///var/run/docker.sock",
    "image": "registry.example.com/codemode-sandbox:1",
    "base_image": "node:24-slim",
    "runtime": "runsc",
    "node_apis": true,
    "network": { "allow": ["api.example.com:443"] },
    "workspace": "read-only",
    "memory_mb": 512,
    "cpus": 2,
    "pids": 512,
    "workspace_mb": 128,
    "max_lifetime_ms": 3600000
  },
  "generated_path": "./generated",
  "limits": {
    "compute_ms": 5000,
    "tool_timeout_ms": 20000,
    "max_concurrent_calls": 4,
    "max_tool_result_bytes": 4194304,
    "max_value_bytes": 131072,
    "max_log_bytes": 32768,
    "max_source_bytes": 65536
  },
  "mcpServers": {
    // Started as a process.
    "files": {
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-filesystem", "\${FILES_ROOT:-.}"],
      "env": { "LOG_LEVEL": "warn" },
      "cwd": ".",
      "connect_timeout_ms": 60000
    },
    // Reached by URL.
    "web": {
      "type": "http",
      "url": "http://localhost:8001/mcp",
      "headers": { "Authorization": "Bearer \${WEB_TOKEN}" },
      "description": "Searches the web and fetches pages",
      "timeout_ms": 10000,
      "protocol_era": "auto"
    },
    // Kept for later.
    "notes": { "command": "notes-server", "disabled": true }
  },
  "openapi": {
    "petstore": {
      "spec": "./petstore.yaml",
      "base_url": "http://localhost:8080/v1",
      "auth": { "api_key": "\${PETSTORE_KEY:-special-key}" },
      "include": [{ "tag": "pets" }, { "path": "/owners/**", "method": "get" }],
      "timeout_ms": 10000,
      "retries": 2
    }
  },
  "utcp": "./.utcp_config.json",
  "codemode": true,
  "skills": true,
  "skills_path": "./skills",
  "skills_directories": ["./.agents/skills"],
  "embeddings": "./embedder.ts",
  "storage": {
    "type": "redis",
    "url": "\${REDIS_URL:-redis://localhost:6379}",
    "prefix": "team"
  },
  "allow_runtime_deps": false,
  "artifacts": { "quota_bytes": 100000000, "large_result_ttl": 3600 },
  // And those that Claude Code and Cursor know.
  "imports": ["claude-code", "cursor"],
  // Who calls a tool that is no longer what it was is not served.
  "on_tool_change": "block",
  // For what is started, beside GITHUB_TOKEN and the like.
  "identity_env": ["COMPANY_TOKEN"],
  // A folder of tool files, and a command that needs no file of its own.
  "tools": ["./tools"],
  "cli": {
    "history": {
      "description": "The latest commits",
      "command": "git log --oneline",
      "args": "-n {count}",
      "params": { "count": { "type": "integer", "default": 10, "minimum": 1 } }
    }
  }
}
`;
