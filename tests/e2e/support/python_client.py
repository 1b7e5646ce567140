"""Uses a server with the official Python client and prints, as one line of JSON, what it answered.

    python_client.py MODE TARGET [ARGUMENT...]

MODE is `legacy` or a protocol version. TARGET is the URL of a server (one that ends with /sse speaks HTTP+SSE), or a
command with its arguments. Proxies to use are in $PROXIES, as a JSON list.
"""

import asyncio
import json
import os
import sys

from mcp import Client, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.types import ElicitResult, PromptReference, ResourceTemplateReference, ResourceUpdatedNotification


def target_of(command: list[str]):
    if not command[0].startswith("http://"):
        return StdioServerParameters(command=command[0], args=command[1:])
    return sse_client(command[0]) if command[0].endswith("/sse") else command[0]


async def use(mode: str, command: list[str]) -> dict:
    forms: list[str] = []
    updated = asyncio.Event()

    async def elicit(_context, params):
        forms.append(params.message)
        return ElicitResult(action="accept", content={"confirm": len(forms) > 1})

    async def on_message(message):
        if isinstance(message, ResourceUpdatedNotification):
            updated.set()

    seen: dict = {}
    async with Client(
        target_of(command), mode=mode, elicitation_callback=elicit, message_handler=on_message
    ) as client:

        async def call(arguments: dict, **options):
            result = await client.call_tool("proxywhirl", arguments, **options)
            body = json.loads(result.content[0].text)
            assert body == result.structured_content, "text and structure differ"
            return {"isError": bool(result.is_error), **body}

        seen["revision"] = client.session.protocol_version
        seen["tools"] = [tool.name for tool in (await client.list_tools()).tools]
        first, second = json.loads(os.environ["PROXIES"])
        added = await call({"action": "add", "proxy_urls": [first, second], "region": "US"})
        seen["added"] = added["added"]
        steps = []

        async def on_progress(progress, total, _message):
            steps.append([progress, total])

        validated = await call({"action": "validate"}, progress_callback=on_progress)
        seen["validated"] = [validated["validated"], validated["valid"]]
        seen["progress"] = steps
        seen["health"] = (await call({"action": "health"}))["pool_status"]
        page = await call({"action": "request", "url": os.environ["PAGE"]})
        seen["page"] = [page["status"], page["body"]]
        seen["errors"] = [
            await call(bad)
            for bad in (
                {"action": "status"},
                {"action": "status", "proxy_id": "550e8400-e29b-41d4-a716-446655440000"},
                {"action": "list", "limit": float(2**60)},
            )
        ]
        ids = [proxy["id"] for proxy in (await call({"action": "list"}))["proxies"]]
        seen["resource"] = json.loads((await client.read_resource("proxy://health")).contents[0].text)
        templates = await client.list_resource_templates()
        seen["templates"] = sorted(template.uri_template for template in templates.resource_templates)
        completed = await client.complete(
            ResourceTemplateReference(type="ref/resource", uri="proxy://proxies/{id}"),
            {"name": "id", "value": ids[0][:8]},
        )
        seen["completed"] = completed.completion.values == [ids[0]]
        completed = await client.complete(
            PromptReference(type="ref/prompt", name="proxy_selection_workflow"), {"name": "region", "value": "u"}
        )
        seen["regions"] = completed.completion.values
        prompt = await client.get_prompt("proxy_selection_workflow", {"region": "JP"})
        seen["prompt"] = '"region": "JP"' in prompt.messages[0].content.text

        strategy = {"action": "set_strategy", "strategy": "random"}
        if mode == "legacy":
            await client.subscribe_resource("proxy://config")
            await call(strategy)
            await asyncio.wait_for(updated.wait(), 20)
            await client.unsubscribe_resource("proxy://config")
            seen["updated"] = "proxy://config"
        else:
            async with client.listen(resource_subscriptions=["proxy://config"]) as subscription:
                await call(strategy)
                event = await asyncio.wait_for(anext(aiter(subscription)), 20)
                seen["updated"] = event.uri

        remove = {"action": "remove", "proxy_id": ids[0]}
        seen["removed"] = [(await call(remove))["success"], (await call(remove))["success"]]
        seen["forms"] = forms
        try:
            await client.read_resource("proxy://nope")
        except Exception as error:
            seen["unknown"] = str(error)
    return seen


print(json.dumps(asyncio.run(use(sys.argv[1], sys.argv[2:]))))
