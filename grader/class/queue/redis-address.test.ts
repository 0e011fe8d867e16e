import { expect } from "chai";
import { UsageError } from "../../usage-error.ts";
import { readRedisAddress } from "./redis-address.ts";

describe("the address of a Redis", () => {
	const read = (text: string) => readRedisAddress(text, {});

	it("is what Redis's own tools take, and is shown without user and password", () => {
		expect(read("redis://localhost")).to.deep.equal({
			host: "localhost",
			port: 6379,
			db: 0,
			username: undefined,
			password: undefined,
			isTls: false,
			shown: "redis://localhost:6379",
		});
		expect(read("rediss://ann:p%40ss%3Aword@[::1]:7000/3")).to.deep.equal({
			host: "::1",
			port: 7000,
			db: 3,
			username: "ann",
			password: "p@ss:word",
			isTls: true,
			shown: "rediss://[::1]:7000/3",
		});
		expect(read("redis://:secret@redis.example.edu")).to.include({ username: undefined, password: "secret" });
	});

	it("may leave the password to the environment, from where no process gets it that is started here", () => {
		const env = { RAFT_GRADE_QUEUE_PASSWORD: "hidden", PATH: "/bin" };
		expect(readRedisAddress("redis://ann@host", env)).to.include({ username: "ann", password: "hidden" });
		expect(env).to.deep.equal({ PATH: "/bin" });
	});

	for (const [text, says] of [
		["secret", /no address of a Redis; give redis:/],
		["http://ann:secret@host", /no address of a Redis/],
		["redis://", /names no host/],
		["redis://ann:secret@host/first", /a database is a number/],
		["redis://ann:secret@host?tls=true", /nothing after the database's number/],
		["redis://ann:secret%zz@host", /% is written %25/],
		["redis://ann:secret@host:99999", /no address of a Redis/],
	] as const) {
		it(`is refused, and not repeated, if it is ${text}`, () => {
			expect(() => read(text))
				.to.throw(UsageError, says)
				.with.property("message")
				.that.does.not.include("secret");
		});
	}
});
