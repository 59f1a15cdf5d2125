"""The worker: what has to happen as time passes, without anybody asking."""

from app.worker.running import run_worker

__all__ = ["run_worker"]
