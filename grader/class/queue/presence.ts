import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import { untrustedLine } from "../../report/untrusted.ts";
import type { Build } from "./build.ts";
import { PREFIX } from "./names.ts";

/** Whoever doesn't say again that it is there is taken for gone after so many milliseconds of Redis's clock. */
const GONE_AFTER_MS = 15_000;
export const SAY_EVERY_MS = 4_000;
const WORD_MAX_LENGTH = 40;

const word = z.string().transform((text) => untrustedLine(text).slice(0, WORD_MAX_LENGTH));
const present = z.object({
	role: z.enum(["worker", "coordinator"]),
	version: word,
	code: word,
	/** How many submissions it grades at once. */
	jobs: z.int().nonnegative(),
	untilMs: z.number(),
});

/** Somebody who is connected with the same Redis. */
export type Present = z.infer<typeof present> & { readonly id: string };

/** Says who is there. Redis's clock is the only one that counts: those of several machines differ. */
export class Presence {
	readonly #redis: Redis;
	readonly #own: Build & Pick<Present, "role" | "jobs">;
	readonly #id = randomUUID();

	constructor(redis: Redis, own: Build & Pick<Present, "role" | "jobs">) {
		this.#redis = redis;
		this.#own = own;
	}

	/** Says that this one is there, until it says so again. */
	async say(): Promise<void> {
		const untilMs = (await this.#nowMs()) + GONE_AFTER_MS;
		await this.#redis.hset(PRESENT, this.#id, JSON.stringify({ ...this.#own, untilMs }));
	}

	async leave(): Promise<void> {
		await this.#redis.hdel(PRESENT, this.#id);
	}

	/** The others. */
	async others(role: Present["role"]): Promise<readonly Present[]> {
		const [all, nowMs] = [await this.#redis.hgetall(PRESENT), await this.#nowMs()];
		const found: Present[] = [];
		for (const [id, text] of Object.entries(all)) {
			const one = read(text);
			// Those who died cannot leave.
			if (one === undefined || one.untilMs < nowMs) await this.#redis.hdel(PRESENT, id);
			else if (one.role === role && id !== this.#id) found.push({ ...one, id });
		}
		return found;
	}

	async #nowMs(): Promise<number> {
		const [seconds] = await this.#redis.time();
		return Number(seconds) * 1000;
	}
}

const PRESENT = `${PREFIX}:present`;

function read(text: string): z.infer<typeof present> | undefined {
	try {
		return present.parse(JSON.parse(text));
	} catch {
		return undefined;
	}
}
