"""Query parameters that an operation does not know: refused by name, for a misspelt one would silently not count."""

from collections.abc import Collection, Iterable

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from app.api.faults import field_name
from app.domain.errors import Fault, Invalid


def query_names(dependant: Dependant) -> frozenset[str]:
    """Return the names of all query parameters of an operation, with those of its dependencies."""
    own = {name for field in dependant.query_params for name in _names(field)}
    return frozenset(own.union(*(query_names(one) for one in dependant.dependencies)))


def refuse_unknown_query(request: Request, known: Collection[str]) -> None:
    """Raise `Invalid` with every parameter that is none of the known ones, and with these."""
    if request.scope["query_string"]:
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            raise Invalid("请按下列说明改正后重新提交。", *_faults(unknown, known))


def _faults(unknown: Iterable[str], known: Collection[str]) -> list[Fault]:
    choice = f"可用的参数有：{'、'.join(sorted(known))}" if known else "这里不接受查询参数"
    return [Fault(field_name((name,)), f"没有这个字段，{choice}；请改正或删去") for name in dict.fromkeys(unknown)]


def _names(field: object) -> Iterable[str]:
    annotation = getattr(getattr(field, "field_info", None), "annotation", None)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.model_fields
    return (str(getattr(field, "alias", "")),)
