import { expect } from "chai";
import { LabFailure } from "../failure.ts";
import { observe, sourceOf } from "../testing/observe.ts";
import { submission } from "../testing/submission.ts";
import type { Program } from "./program.ts";

/** What the runtime of a machine, and the codec in it, rely on. */
const TARGETS = (
	"JSON.stringify JSON.parse Math.trunc Math.floor Math.ceil Math.max Number.isSafeInteger Number.isFinite Object.keys Object.entries " +
	"Object.hasOwn Object.is Object.freeze Object.getPrototypeOf Object.getOwnPropertySymbols Object.defineProperty Object.fromEntries " +
	"Array.from Array.isArray Array.prototype.map Array.prototype.push Array.prototype.join Array.prototype.0 String.fromCharCode " +
	"String.prototype.startsWith String.prototype.slice String.prototype.charCodeAt Function.prototype.call Function.prototype.apply " +
	"Map.prototype.get Map.prototype.set Map.prototype.delete Promise.resolve Promise.prototype.then Promise.prototype.constructor " +
	"Uint8Array.prototype.slice Uint8Array.prototype.set Uint8Array.prototype.length Uint8Array.prototype.constructor Date.now " +
	"Object.prototype.get Object.prototype.set Object.prototype.value Object.prototype.then Object.prototype.toJSON Object.prototype.constructor " +
	"Object.prototype.0 Object.prototype.$ Object.prototype.kind Error.prototype.name Error.prototype.message Error.captureStackTrace " +
	"globalThis.Object globalThis.Array globalThis.Uint8Array globalThis.Promise globalThis.Map globalThis.JSON globalThis.setTimeout"
).split(" ");

/** What it is replaced by. */
const REPLACEMENTS = [
	"() => undefined",
	"() => 'garbage'",
	"() => -1e300",
	"() => ({})",
	"() => Symbol()",
	"function () { return this; }",
	"() => { throw new Proxy({}, new Proxy({}, { get: () => () => { throw 1; } })); }",
];

const MODULE = `
	const REPLACEMENTS = [${REPLACEMENTS.join(", ")}];
	function tamper({ target, n }) {
		const path = target.split(".");
		const key = path.pop();
		let place = globalThis;
		for (const step of path) place = place[step];
		Object.defineProperty(place, key, { value: REPLACEMENTS[n], writable: true, configurable: true });
	}
	const tried = (f) => { try { f(); } catch {} };
`;

const MAKE = `
	let applied = 0;
	function work() {
		tried(() => persister.save(encode({ log: [1, "x", [2n]] }), new Uint8Array(0)));
		for (const peer of peers) {
			tried(() => peer.call("Echo", { n: 1, bytes: new Uint8Array([200]), map: new Map([[1, 2]]) }).catch(() => {}));
		}
		tried(() => applyCh.send({ commandValid: true, command: { n: 1, big: 3n }, commandIndex: ++applied }).catch(() => {}));
		tried(() => void setTimeout(() => {}, 7));
		tried(() => void setInterval(() => {}, 7));
		tried(() => void sleep(3).catch(() => {}));
		tried(() => debug("topic", { n: 1 }));
	}
`;

const METHODS = `
	start(order) {
		tried(() => tamper(order));
		work();
		tried(() => void setTimeout(work, 5));
		return { index: 1, term: 1, isLeader: true };
	},
	Echo(args) { return [args]; },
`;

describe("whatever a submission does to what is built in", () => {
	let program: Program;

	before(async () => {
		program = await submission(sourceOf({ module: MODULE, make: MAKE, methods: METHODS }));
	});

	for (const target of TARGETS) {
		it(`its run ends with a verdict, and time goes on: ${target}`, async () => {
			for (const n of REPLACEMENTS.keys()) {
				const { failure, result } = await observe(program, { snapshots: true }, async (cluster) => {
					await cluster.sleep(5);
					cluster.server(0).start({ target, n });
					await cluster.sleep(30);
					cluster.start(0);
					await cluster.sleep(10);
				});
				if (failure !== undefined) expect(failure).to.be.instanceOf(LabFailure);
				else expect(result.figures.virtualMs).to.equal(45);
			}
		});
	}

	it("a command that cannot be read back is a fault of its own", async () => {
		const make = `
			JSON.stringify = () => "garbage";
			void applyCh.send({ commandValid: true, command: 5, commandIndex: 1 });
		`;
		const { failure } = await observe({ make });
		expect(failure?.check).to.equal("fault-wire");
		expect(failure?.message).to.equal(
			"S0 sent a command on applyCh that cannot be read: something on this machine has changed how JSON is written",
		);
	});

	it("a timer's delay stays a number", async () => {
		const make = "Math.trunc = () => ({ valueOf: () => 5 }); setTimeout(() => tell(performance.now()), 5);";
		const { told, result } = await observe({ make });
		expect(told).to.deep.equal([1]);
		expect(result.figures.virtualMs).to.equal(100);
	});
});
