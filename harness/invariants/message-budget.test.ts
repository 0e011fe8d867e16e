import { expect } from "chai";
import { watched } from "../testing/watched.ts";
import { MESSAGES_MAX } from "./message-budget.ts";

/** S0 makes one call, and S1 5,000 a millisecond, until there are as many as there may be; half a second later, one more. */
const chatterbox = {
	make: `
		let left = me === 0 ? 1 : ${MESSAGES_MAX - 1};
		const timer = setInterval(() => {
			for (let i = 0; i < 5_000 && left > 0; i++, left--) void peers[me].call("Hi", 0);
			if (left === 0) clearInterval(timer);
		}, 1);
		if (me === 1) setTimeout(() => void peers[me].call("Hi", 0), 600);`,
	methods: "Hi() {},",
};

describe("the number of calls in a test", () => {
	it("is bounded", async () => {
		const verdict = await watched({ what: chatterbox, servers: 2 }, (cluster) => {
			// Calls that reach nobody cost least.
			for (const server of [0, 1]) cluster.disconnect(server);
		});
		expect(verdict).to.deep.equal({
			check: "message-budget",
			message: "more than 500000 calls in one test, 500000 of them by S1",
			servers: [1],
			atMs: 600,
		});
	});
});
