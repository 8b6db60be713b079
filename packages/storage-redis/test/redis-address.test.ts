import { expect, test } from "vitest";

import { atAddress, toAddress } from "../src/redis-address.ts";

test("another server is spoken to as the first one is", () => {
  const url = "rediss://user:a%40b@one:7000/0?family=4";

  expect(atAddress(url, "10.0.0.2:6380")).toBe("rediss://user:a%40b@10.0.0.2:6380/0?family=4");
  expect(atAddress(url, "::1:6380")).toBe("rediss://user:a%40b@[::1]:6380/0?family=4");
});

test("a server that does not say where it is is where it was asked", () => {
  expect(atAddress("redis://one:7000", ":6380")).toBe("redis://one:6380");
});

test("urls of one address are one server, whoever logs in", () => {
  expect(toAddress("redis://user:word@one")).toBe(toAddress("redis://one:6379/0"));
});
