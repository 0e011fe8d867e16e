import { expect } from "chai";
import { UsageError } from "../../usage-error.ts";
import { connect, loadPackages } from "./connection.ts";
import { readRedisAddress } from "./redis-address.ts";
import { hasRedis, RedisServer } from "./testing/redis-server.ts";

async function refusal(address: string, load?: Parameters<typeof connect>[1]): Promise<string> {
	try {
		const connection = await connect(readRedisAddress(address, {}), load);
		connection.end();
	} catch (error) {
		expect(error).to.be.instanceOf(UsageError);
		return (error as Error).message;
	}
	return expect.fail("it was let in");
}

describe("the connection with a Redis", function () {
	this.timeout(60_000);
	let server: RedisServer;

	before(async function () {
		if (!hasRedis()) this.skip();
		server = await RedisServer.start(
			"--requirepass",
			"letmein",
			...["--user", "bob", "on", ">hunter2", "~none:*", "+ping"],
		);
	});

	after(() => server?.end());

	const as = (who: string) => `redis://${who}127.0.0.1:${server.port}`;

	it("says why it is not made, and never the password", async () => {
		expect(await refusal(as(""))).to.equal(`--queue: redis://127.0.0.1:${server.port} wants a password`);
		expect(await refusal(as(":wrong@"))).to.match(/doesn't know that user and password$/);
		expect(await refusal(as("ann:letmein@"))).to.match(/doesn't know that user and password$/);
		expect(await refusal(as("bob:hunter2@"))).to.include("doesn't allow that user what is needed");
		expect(await refusal("redis://ann:letmein@127.0.0.1:1"))
			.to.match(/redis:\/\/127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/)
			.and.not.include("letmein");
	});

	it("is made with the right one, and comes back by itself", async () => {
		const { redis, end } = await connect(readRedisAddress(as(":letmein@"), {}));
		await redis.set("x", "1");
		await server.restart();
		expect(await redis.get("x")).to.equal("1");
		end();
	});

	it("says what to install if that is not there", async () => {
		const load = () => loadPackages(() => import("no-such-package" as string));
		expect(await refusal("redis://127.0.0.1:1", load)).to.match(/needs the packages bullmq and ioredis.*npm install/);
	});
});
