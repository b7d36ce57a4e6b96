from tests.workers import broker, environ, start

__all__ = ["broker", "environ", "start"]
