import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";

/** A pet as the service has it. */
interface Pet {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly tags: readonly string[];
}

/** A running petstore. */
export interface Petstore extends AsyncDisposable {
  readonly port: number;
}

const PAGE = 2;

/** Starts a petstore in memory, on a free port of this machine. It wants `key` in the header `X-Api-Key`. */
export async function startPetstore(key: string): Promise<Petstore> {
  const pets = new Map<number, Pet>(
    FIRST_PETS.map((pet, index) => [index + 1, { ...pet, id: index + 1 }]),
  );
  const photos = new Map<number, Buffer<ArrayBuffer>>();
  const server = createServer((request, response) => {
    void serve(request, response, { key, pets, photos });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}

const FIRST_PETS: readonly Omit<Pet, "id">[] = [
  { name: "Rex", status: "available", tags: ["dog", "large"] },
  { name: "Tom", status: "sold", tags: ["cat"] },
  { name: "Ida", status: "available", tags: ["dog", "small"] },
  { name: "Bo", status: "pending", tags: ["dog"] },
  { name: "Kim", status: "available", tags: ["cat", "small"] },
];

interface Store {
  readonly key: string;
  readonly pets: Map<number, Pet>;
  readonly photos: Map<number, Buffer<ArrayBuffer>>;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  store: Store,
): Promise<void> {
  const body = Buffer.concat(await request.toArray());
  const url = new URL(request.url ?? "/", "http://petstore");
  const reply = (status: number, value: unknown): void => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  if (request.headers["x-api-key"] !== store.key) return reply(401, { message: "Who are you?" });
  const route = `${request.method} ${url.pathname.replace(/\/\d+/, "/{id}")}`;
  const id = Number(/\/(\d+)/.exec(url.pathname.replace("/v1", ""))?.[1] ?? Number.NaN);
  const pet = store.pets.get(id);
  if (route.includes("{id}") && !pet) return reply(404, { message: `There is no pet ${id}` });
  switch (route) {
    case "GET /v1/pets":
      return reply(200, page(store, url.searchParams));
    case "POST /v1/pets": {
      const added = { tags: [], ...readPet(body), id: store.pets.size + 1 };
      store.pets.set(added.id, added);
      return reply(201, added);
    }
    case "GET /v1/pets/{id}":
      return reply(200, pet);
    case "PUT /v1/pets/{id}":
      store.pets.set(id, { tags: [], ...readPet(body), id });
      return reply(200, store.pets.get(id));
    case "POST /v1/pets/{id}/photo":
      return void storePhoto(store, id, { body, type: request.headers["content-type"] ?? "" }).then(
        (stored) => reply(200, stored),
      );
    case "GET /v1/pets/{id}/photo":
      response.writeHead(200, { "content-type": "image/png" });
      response.end(store.photos.get(id));
      return undefined;
    default:
      return reply(404, { message: `Nothing at ${route}` });
  }
}

function page({ pets }: Store, query: URLSearchParams): unknown {
  const tags = query.get("tags")?.split(",") ?? [];
  const status = query.get("status");
  const found = [...pets.values()].filter(
    (pet) =>
      (status === null || pet.status === status) && tags.every((tag) => pet.tags.includes(tag)),
  );
  const start = (Number(query.get("page") ?? 1) - 1) * PAGE;
  return { pets: found.slice(start, start + PAGE), total: found.length };
}

function readPet(body: Buffer): Pick<Pet, "name" | "status"> {
  const pet: Pick<Pet, "name" | "status"> = JSON.parse(body.toString());
  return pet;
}

interface Upload {
  readonly body: Buffer<ArrayBuffer>;
  readonly type: string;
}

async function storePhoto({ photos }: Store, id: number, { body, type }: Upload): Promise<unknown> {
  const form = await new Response(body, { headers: { "content-type": type } }).formData();
  const photo = form.get("photo");
  if (!(photo instanceof Blob)) return { bytes: 0, caption: null };
  photos.set(id, Buffer.from(await photo.arrayBuffer()));
  return { bytes: photo.size, caption: form.get("caption") };
}
