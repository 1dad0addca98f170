"""Plugins found and loaded one by one, so that none can stop the others."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import distributions, entry_points
from typing import TYPE_CHECKING

import pluggy

from scaffolder import hookspecs
from scaffolder.errors import is_interruption
from scaffolder.hookspecs import API_VERSION, GROUP

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

BUILTIN = "builtin"
DISABLE_VARIABLE = "SCAFFOLDER_DISABLE_PLUGINS"
API_ATTRIBUTE = "SCAFFOLDER_API"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """What is known about one plugin.

    Attributes:
        status: ``active``, ``failed`` or ``disabled``.
        load_ms: What its import took, in milliseconds.
    """

    name: str
    distribution: str = ""
    version: str = ""
    api: int | None = None
    hooks: tuple[str, ...] = ()
    status: str = "active"
    error: str = ""
    load_ms: float = 0.0


def load(*, third_party: bool) -> tuple[pluggy.PluginManager, list[PluginInfo]]:
    """Return the built-in plugin and, unless switched off, what is installed.

    A plugin that cannot be imported or registered is listed as failed, with the reason.
    """
    from scaffolder import builtin

    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    disabled = not third_party or os.environ.get(DISABLE_VARIABLE, "0") not in ("", "0")
    found = sorted(_installed(), key=lambda entry: (entry.name, entry.value))
    # The last one registered is asked first; the built-in plugin must be able to claim its ids.
    infos = [_load(manager, entry, disabled=disabled) for entry in reversed(found)]
    manager.register(builtin, BUILTIN)
    first = PluginInfo(name=BUILTIN, api=API_VERSION, hooks=_hooks(manager, builtin))
    return manager, [first, *reversed(infos)]


def _installed() -> list[EntryPoint]:
    try:
        return list(entry_points(group=GROUP))
    except Exception:  # noqa: BLE001 - a broken file of any distribution ends importlib's own loop
        found: list[EntryPoint] = []
        for distribution in distributions():
            with suppress(Exception):
                found.extend(distribution.entry_points.select(group=GROUP))
        return found


def _load(manager: pluggy.PluginManager, entry: EntryPoint, *, disabled: bool) -> PluginInfo:
    info = PluginInfo(
        name=entry.name,
        distribution=entry.dist.name if entry.dist else "",
        version=entry.dist.version if entry.dist else "",
        status="disabled" if disabled else "active",
    )
    if disabled:
        return info
    started = time.perf_counter()
    try:
        plugin = entry.load()
        info = replace(info, api=getattr(plugin, API_ATTRIBUTE, None))
        _check(manager, plugin, info)
    except (Exception, SystemExit) as problem:  # an import may raise anything
        if is_interruption(problem):
            raise
        return replace(info, status="failed", error=f"{type(problem).__name__}: {problem}")
    elapsed = (time.perf_counter() - started) * 1000
    return replace(info, hooks=_hooks(manager, plugin), load_ms=round(elapsed, 1))


def _check(manager: pluggy.PluginManager, plugin: object, info: PluginInfo) -> None:
    if info.api != API_VERSION:
        raise RuntimeError(f"it declares {API_ATTRIBUTE} = {info.api}; this needs {API_VERSION}")
    if info.name == BUILTIN or manager.has_plugin(info.name):
        raise RuntimeError(f"another plugin is called {info.name!r} too")
    try:
        manager.register(plugin, info.name)
        manager.check_pending()
    except BaseException:
        # Pluggy keeps the hooks that it had accepted before the one that it refused.
        if manager.has_plugin(info.name):
            manager.unregister(plugin)
        raise


def _hooks(manager: pluggy.PluginManager, plugin: object) -> tuple[str, ...]:
    return tuple(sorted(caller.name for caller in manager.get_hookcallers(plugin) or ()))
