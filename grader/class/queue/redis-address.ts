import { UsageError } from "../../usage-error.ts";

/** Where a Redis is, and as whom to go there. */
export interface RedisAddress {
	readonly host: string;
	readonly port: number;
	readonly db: number;
	readonly username: string | undefined;
	readonly password: string | undefined;
	readonly isTls: boolean;
	/** The address for people: without user and password. */
	readonly shown: string;
}

/** Of this variable a password is taken that is not to stand in a list of processes. */
const PASSWORD_VARIABLE = "RAFT_GRADE_QUEUE_PASSWORD";
const USUAL_PORT = 6379;

/**
 * Reads a Redis's address.
 *
 * @param env - where a password may be. It is taken out, so that no process that is started from here gets it.
 * @throws UsageError if it is none. What was given is not repeated: there may be a password in it.
 */
export function readRedisAddress(text: string, env: NodeJS.ProcessEnv = process.env): RedisAddress {
	const wrong = (what: string) =>
		new UsageError(`--queue: ${what}; give redis://[user:password@]host[:port][/database], or rediss:// for TLS`);
	const url = parse(text);
	const elsewhere = env[PASSWORD_VARIABLE];
	delete env[PASSWORD_VARIABLE];
	if (url === undefined || (url.protocol !== "redis:" && url.protocol !== "rediss:"))
		throw wrong("that is no address of a Redis");
	if (url.hostname === "") throw wrong("the address names no host");
	if (url.search !== "" || url.hash !== "") throw wrong("there can be nothing after the database's number");
	if (!/^\/?\d*$/.test(url.pathname)) throw wrong("a database is a number");
	const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
	const port = url.port === "" ? USUAL_PORT : Number(url.port);
	const db = Number(url.pathname.slice(1));
	return {
		host,
		port,
		db,
		username: decode(url.username, wrong),
		password: decode(url.password, wrong) ?? elsewhere,
		isTls: url.protocol === "rediss:",
		shown: `${url.protocol}//${url.hostname}:${port}${db === 0 ? "" : `/${db}`}`,
	};
}

function parse(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

function decode(part: string, wrong: (what: string) => UsageError): string | undefined {
	if (part === "") return undefined;
	try {
		return decodeURIComponent(part);
	} catch {
		throw wrong("in a user or password, % is written %25");
	}
}
