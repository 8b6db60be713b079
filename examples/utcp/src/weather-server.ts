import { createServer } from "node:http";

/** A service that gives its own UTCP manual, and takes a key. */
export async function startWeather(
  key: string,
): Promise<AsyncDisposable & { readonly origin: string }> {
  let origin = "";
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const isKnown = request.headers["x-api-key"] === key;
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
    const city = decodeURIComponent(pathname.split("/").at(-1) ?? "");
    const forecast = { city, celsius: city.length * 3, station: { id: 1 } };
    const answer = pathname === "/utcp" ? manualOf(origin) : forecast;
    response.end(JSON.stringify(isKnown ? answer : { message: "Who are you?" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  return {
    origin,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function manualOf(origin: string): object {
  const tool = {
    name: "forecast",
    description: "The weather of a city",
    inputs: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    outputs: { type: "object" },
    tags: ["weather"],
    tool_call_template: {
      call_template_type: "http",
      http_method: "GET",
      url: `${origin}/forecast/{city}`,
      auth: { auth_type: "api_key", api_key: "${API_KEY}", location: "header" },
    },
  };
  return { utcp_version: "1.0.1", manual_version: "1.0.0", tools: [tool] };
}
