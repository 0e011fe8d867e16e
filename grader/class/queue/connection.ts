import type { Redis } from "ioredis";
import { UsageError } from "../../usage-error.ts";
import { PREFIX } from "./names.ts";
import type { RedisAddress } from "./redis-address.ts";

/** A connection that comes back by itself. */
export interface Connection {
	readonly redis: Redis;
	readonly bullmq: BullMq;
	/** As people know it. */
	readonly shown: string;
	/** Whether Redis is there at the moment. */
	isUp(): boolean;
	/** Ends it. What waits for an answer fails. */
	end(): void;
}

type BullMq = Pick<typeof import("bullmq"), "Queue" | "Worker" | "UnrecoverableError" | "WaitingError">;
type Packages = readonly [BullMq, Pick<typeof import("ioredis"), "Redis">];

const RETRY_MAX_MS = 2_000;
const CONNECTING_MAX_MS = 10_000;

/**
 * Connects with a Redis. If it goes away later, commands wait until it is back.
 *
 * @throws UsageError if it is not there now, doesn't let us in, or what is needed to talk to it is not installed.
 */
export async function connect(address: RedisAddress, load = loadPackages): Promise<Connection> {
	const [bullmq, { Redis }] = await load();
	const { host, port, db, username, password, isTls, shown } = address;
	let isUp = false;
	let wasUp = false;
	let lastError: Error | undefined;
	const redis = new Redis({
		host,
		port,
		db,
		...(username === undefined ? {} : { username }),
		...(password === undefined ? {} : { password }),
		...(isTls ? { tls: {} } : {}),
		lazyConnect: true,
		connectTimeout: CONNECTING_MAX_MS,
		// A command that was under way when Redis went away is sent again.
		maxRetriesPerRequest: null,
		retryStrategy: (times) => (wasUp ? Math.min(100 * times, RETRY_MAX_MS) : null),
	});
	redis.on("error", (error: Error) => {
		lastError ??= error;
	});
	redis.on("ready", () => {
		isUp = true;
	});
	redis.on("close", () => {
		isUp = false;
	});
	try {
		await redis.connect();
		// What is not allowed is better known now than in the middle.
		await redis.info("server");
		await redis.exists(`${PREFIX}:present`);
	} catch (error) {
		redis.disconnect();
		throw new UsageError(`--queue: ${shown} ${whyNot(lastError ?? (error as Error))}`);
	}
	wasUp = true;
	return { redis, bullmq, shown, isUp: () => isUp, end: () => redis.disconnect() };
}

const importPackages = () => Promise.all([import("bullmq"), import("ioredis")]);

/**
 * They are installed only by those who use a queue.
 *
 * @throws UsageError if they are not.
 */
export async function loadPackages(load: () => Promise<Packages> = importPackages): Promise<Packages> {
	try {
		return await load();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
		throw new UsageError(
			"--queue needs the packages bullmq and ioredis, which are not installed: npm install bullmq@6 ioredis@6 (with -g if raft-grade was)",
		);
	}
}

function whyNot(error: Error): string {
	const { message } = error;
	if (/NOAUTH/.test(message)) return "wants a password";
	if (/WRONGPASS|invalid password|invalid username-password/i.test(message))
		return "doesn't know that user and password";
	if (/NOPERM/.test(message)) return `doesn't allow that user what is needed: ${message}`;
	const code = (error as NodeJS.ErrnoException).code;
	return `cannot be reached: ${message === "" ? (code ?? "no answer") : message}`;
}
