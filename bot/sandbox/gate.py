"""Which requests are answered: those sent to an address of this computer, by its own page."""

from collections.abc import Awaitable, Callable

from aiohttp import web


@web.middleware
async def own_address_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse a request that names another address, or comes from a page of another.

    A page elsewhere can let its name point at this computer (DNS rebinding), but then still says
    that name, and a browser says which page a request or a socket comes from.
    """
    port = request.transport.get_extra_info("sockname")[1] if request.transport else 0
    mine = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
    here = request.host if ":" in request.host else f"{request.host}:80"
    if here not in mine or request.headers.get("Origin") not in {None, f"http://{request.host}"}:
        words = f"The practice room answers its own page alone, at http://127.0.0.1:{port}/\n"
        return web.Response(status=403, text=words)
    return await handler(request)
