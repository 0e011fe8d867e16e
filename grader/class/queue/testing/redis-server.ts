import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";

/** Whether this machine has a redis-server. */
export function hasRedis(): boolean {
	try {
		execFileSync("redis-server", ["--version"], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
}

/** A real Redis that belongs to a test: on a port of its own, writing down everything (appendonly). */
export class RedisServer {
	readonly port: number;
	readonly #folder: string;
	readonly #more: readonly string[];
	#child: ChildProcess | undefined;
	#ended: Promise<unknown> | undefined;

	private constructor(port: number, folder: string, more: readonly string[]) {
		this.port = port;
		this.#folder = folder;
		this.#more = more;
	}

	/** @param more - options of redis-server's. */
	static async start(...more: readonly string[]): Promise<RedisServer> {
		const folder = await mkdtemp(path.join(os.tmpdir(), "raft-grade-redis-"));
		const server = new RedisServer(await freePort(), folder, more);
		await server.#begin();
		return server;
	}

	get address(): string {
		return `redis://127.0.0.1:${this.port}`;
	}

	/** Takes it away, as a machine that is rebooted does. */
	async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
		const child = this.#child;
		if (child === undefined) return;
		this.#child = undefined;
		child.kill(signal);
		await this.#ended;
	}

	/** Away, and back with what it had. */
	async restart(): Promise<void> {
		await this.stop();
		await this.#begin();
	}

	async end(): Promise<void> {
		await this.stop();
		await rm(this.#folder, { recursive: true, force: true });
	}

	async #begin(): Promise<void> {
		const options = { port: `${this.port}`, bind: "127.0.0.1", dir: this.#folder, appendonly: "yes", save: "" };
		const args = [...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]), ...this.#more];
		const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
		this.#child = child;
		this.#ended = new Promise((resolve) => child.on("close", resolve));
		await new Promise<void>((resolve, reject) => {
			let said = "";
			child.stdout.on("data", (data: Buffer) => {
				said += data;
				if (/Ready to accept connections/.test(said)) resolve();
			});
			child.on("error", reject);
			child.on("close", (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
		});
	}
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.on("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
		});
	});
}
