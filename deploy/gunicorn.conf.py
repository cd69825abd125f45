"""Gunicorn in production; WEB_CONCURRENCY sets the number of processes (Gunicorn reads it)."""

bind = "0.0.0.0:8000"
worker_class = "gthread"
threads = 8
# Above the proxy's patience, so that a slow request is ended by one side only.
timeout = 60
graceful_timeout = 30
keepalive = 15
# Memory-backed: a heartbeat file on a slow disk would get healthy processes killed.
worker_tmp_dir = "/dev/shm"  # noqa: S108
# Processes are replaced now and then, not all at once, so that no leak can grow for ever.
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True
# No access log: addresses of pages can hold what people typed into a search.
accesslog = None
