import { randomBytes } from "node:crypto";
import { parseSeed, type Seed } from "../harness/index.ts";

/** A base seed that nobody chose. It is short: people will type it. */
export function drawSeed(): Seed {
	return parseSeed(randomBytes(4).toString("hex"));
}
