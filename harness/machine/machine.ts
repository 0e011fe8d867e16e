import vm from "node:vm";
import { oneLine, printable } from "../printable.ts";
import type { FaultKind } from "./effects.ts";
import * as Effect from "./effects.ts";
import { runInterruptibly } from "./interrupt.ts";
import { delay, endOf, number, text } from "./outbox-values.ts";
import { withPlainStacks } from "./plain-stacks.ts";
import type { LoopCounts, Program } from "./program.ts";
import { watchRejections } from "./rejections.ts";
import { namesAsWritten } from "./stack.ts";

/** What the world does with a machine's effects. */
export interface MachinePorts {
	call(machine: Machine, callId: number, peer: number, method: string, args: string): void;
	reply(machine: Machine, rpcId: number, reply: string): void;
	setTimer(machine: Machine, timerId: number, delayMs: number): void;
	clearTimer(machine: Machine, timerId: number): void;
	/** The machine saved; how many bytes of each. What it saved is in {@link Machine.stored}. */
	save(machine: Machine, stateBytes: number, snapshotBytes: number): void;
	apply(machine: Machine, message: ServiceMessage): void;
	log(machine: Machine, topic: string, text: string): void;
	fault(machine: Machine, kind: FaultKind, sentence: string, stack: string): void;
	/** The machine has run until idle, and its effects are done; `term` and `isLeader` are what getState() said. */
	idle(machine: Machine, term: number, isLeader: boolean): void;
}

/** What a machine sent on its apply channel; `number` tells it from others of the same machine. */
export type ServiceMessage =
	| { readonly kind: "command"; readonly number: number; readonly index: number; readonly command: string }
	| {
			readonly kind: "snapshot";
			readonly number: number;
			readonly index: number;
			readonly term: number;
			readonly snapshot: Uint8Array;
	  }
	| { readonly kind: "nothing"; readonly number: number };

/** Which machine it is, and what it draws its chance from. */
export interface MachineIdentity {
	readonly server: number;
	/** How many machines have been this server before. */
	readonly incarnation: number;
	/** How many servers there are. */
	readonly size: number;
	/** Seeds of its own stream of random numbers. */
	readonly chance: readonly [number, number, number];
	/** Whether console and debug lines are kept. */
	readonly withLog: boolean;
	/** Whether errors carry stack traces. A run that decides a verdict goes without: see realm/isolation.ts. */
	readonly withStacks: boolean;
	/** What the server's own clock says at a moment of virtual time. By default the same. */
	readonly clock?: ((nowMs: number) => number) | undefined;
	/** Real milliseconds after which a step is broken off; undefined: never. */
	readonly stepLimitMs: number | undefined;
}

/** The functions of the realm's runtime (realm/runtime.ts) that the host calls. */
interface Runtime {
	readonly outbox: unknown[];
	readonly promisePrototype: object;
	install(seedA: number, seedB: number, seedC: number, withLog: boolean, withStacks: boolean): void;
	hasHookedPromises(): boolean;
	load(program: unknown, names: string): boolean;
	makeCounts(length: number): Float64Array;
	allocate(length: number): Uint8Array;
	boot(nowMs: number, me: number, size: number, state: Uint8Array, snapshot: Uint8Array): boolean;
	start(nowMs: number, command: string): void;
	state(nowMs: number): number;
	snapshot(nowMs: number, index: number, bytes: Uint8Array): void;
	kill(nowMs: number): void;
	fire(nowMs: number, timerId: number): void;
	settle(nowMs: number, callId: number, reply: string | undefined): void;
	deliver(nowMs: number, rpcId: number, method: string, args: string): void;
	taken(nowMs: number, message: number): void;
	rejected(reason: unknown): void;
}

/** What a machine saved. */
export interface Stored {
	readonly raftState: Uint8Array;
	readonly snapshot: Uint8Array;
}

/** What start() answered. */
interface Started {
	readonly index: number;
	readonly term: number;
	readonly isLeader: boolean;
}

/** An answer that goes with a reported fault: the run is over. */
const NOT_ACCEPTED: Started = { index: -1, term: 0, isLeader: false };

const HOOKED_PROMISES =
	"AsyncLocalStorage or async_hooks are in use in this process: through the promises of a machine, objects of the host's would get into it";

const drain = new vm.Script("0", { filename: "raft-grade:drain" });
const { fill } = Float64Array.prototype;
const setBytes = Uint8Array.prototype.set;
const byteLengthOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "byteLength")
	?.get as (this: Uint8Array) => number;

/**
 * One incarnation of one server: a realm with globals and a microtask queue of its own. Each method is a step: it
 * enters the realm, lets it run until it is idle, and then carries out its effects in the order in which they were made.
 *
 * The host never touches an object of the realm's but through functions of its own, reads nothing but the outbox, and
 * trusts nothing it finds there.
 */
export class Machine {
	readonly server: number;
	readonly incarnation: number;
	readonly #ports: MachinePorts;
	readonly #clock: (nowMs: number) => number;
	#context: vm.Context | null;
	#runtime: Runtime | null;
	#started: Started = NOT_ACCEPTED;
	readonly #withStacks: boolean;
	readonly #stepLimitMs: number | undefined;
	readonly #loops: LoopCounts | undefined;
	#counts: Float64Array | undefined;
	#isLoaded = false;
	#latest = 0;
	#saved: Stored | undefined;

	constructor(program: Program, identity: MachineIdentity, ports: MachinePorts) {
		this.server = identity.server;
		this.incarnation = identity.incarnation;
		this.#ports = ports;
		this.#clock = identity.clock ?? ((nowMs) => nowMs);
		this.#withStacks = identity.withStacks;
		this.#stepLimitMs = identity.stepLimitMs;
		this.#loops = program.loops;
		// An ordinary global object. A contextified one stands for an object of the host's, which a getter defined on the
		// global object is handed as `this`; and looking up a global there takes many times as long.
		const context = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
			microtaskMode: "afterEvaluate",
			codeGeneration: { strings: false, wasm: false },
		});
		this.#context = context;
		// A copy, of the same hidden class in all machines: each realm's own objects have classes of their own.
		this.#runtime = { ...(program.runtime.runInContext(context) as Runtime) };
		watchRejections(this.#runtime.promisePrototype, this);
		const [seedA, seedB, seedC] = identity.chance;
		this.#runtime.install(seedA, seedB, seedC, identity.withLog, identity.withStacks);
		if (this.#runtime.hasHookedPromises()) throw new Error(HOOKED_PROMISES);
		this.#counts = this.#loops === undefined ? undefined : this.#runtime.makeCounts(this.#loops.slots);
		this.#enter((runtime) => {
			this.#isLoaded = runtime.load(program.submission.runInContext(context), program.globals) === true;
		});
		this.#carryOut();
	}

	/** What getState() said at the end of the latest step: while its effects are carried out, that is already the step they come from. */
	get latest(): { readonly term: number; readonly isLeader: boolean } {
		return { term: termOf(this.#latest), isLeader: isLeader(this.#latest) };
	}

	/** False once the machine has crashed: then nothing enters it any more, and nothing comes out of it. */
	get isAlive(): boolean {
		return this.#runtime !== null;
	}

	/** Calls make() with what stable storage holds. Returns whether there is a server now; if not, a fault says why. */
	boot(nowMs: number, size: number, state: Uint8Array, snapshot: Uint8Array): boolean {
		const runtime = this.#runtime;
		if (runtime === null || !this.#isLoaded) return false;
		const [stateInside, snapshotInside] = [copyInto(runtime, state), copyInto(runtime, snapshot)];
		let made = false;
		this.#enter(() => {
			made = runtime.boot(this.#clock(nowMs), this.server, size, stateInside, snapshotInside) === true;
		});
		if (made) this.#step(nowMs, () => {});
		else this.#carryOut();
		return made;
	}

	/** Calls start(command). */
	start(nowMs: number, command: string): Started {
		this.#started = NOT_ACCEPTED;
		this.#step(nowMs, (runtime) => runtime.start(this.#clock(nowMs), command));
		return this.#started;
	}

	/** Calls getState(): now, not what it said after the last step. Undefined if it gave no valid answer. */
	getState(nowMs: number): { term: number; isLeader: boolean } | undefined {
		let answer: unknown;
		this.#enter((runtime) => {
			answer = runtime.state(this.#clock(nowMs));
		});
		this.#carryOut();
		return isState(answer) ? { term: termOf(answer), isLeader: isLeader(answer) } : undefined;
	}

	/** Calls snapshot(index, snapshot). */
	snapshot(nowMs: number, index: number, snapshot: Uint8Array): void {
		this.#step(nowMs, (runtime) => runtime.snapshot(this.#clock(nowMs), index, copyInto(runtime, snapshot)));
	}

	/** A timer is due. */
	fire(nowMs: number, timerId: number): void {
		this.#step(nowMs, (runtime) => runtime.fire(this.#clock(nowMs), timerId));
	}

	/** A call of this machine's has its reply, or undefined if none came. */
	settle(nowMs: number, callId: number, reply: string | undefined): void {
		this.#step(nowMs, (runtime) => runtime.settle(this.#clock(nowMs), callId, reply));
	}

	/** A request has arrived. */
	deliver(nowMs: number, rpcId: number, method: string, args: string): void {
		this.#step(nowMs, (runtime) => runtime.deliver(this.#clock(nowMs), rpcId, method, args));
	}

	/** The service has taken a message. */
	taken(nowMs: number, message: number): void {
		this.#step(nowMs, (runtime) => runtime.taken(this.#clock(nowMs), message));
	}

	/** A promise of this machine's was rejected, and nobody handled it. */
	rejected(reason: unknown): void {
		this.#enter((runtime) => runtime.rejected(reason));
		this.#carryOut();
	}

	/**
	 * A copy of what the machine saved last; undefined if it saved nothing. Machines save far more often than they crash, so what
	 * they save is left where it is, in copies that their runtime made, until somebody asks.
	 */
	stored(): Stored | undefined {
		if (this.#saved === undefined) return undefined;
		return { raftState: copyOut(this.#saved.raftState), snapshot: copyOut(this.#saved.snapshot) };
	}

	/** The crash: kill() is called, and then the realm is dropped, in the middle of whatever it awaits. What kill() does reaches nobody. */
	crash(nowMs: number): void {
		const runtime = this.#runtime;
		if (runtime === null) return;
		runtime.outbox[0] = 0;
		this.#enter(() => runtime.kill(this.#clock(nowMs)));
		const faults = this.#pendingFaults();
		this.drop();
		for (const [kind, sentence, stack] of faults) this.#ports.fault(this, kind, sentence, stack);
	}

	/** Drops the realm without another word: the run is over. */
	drop(): void {
		this.#runtime = null;
		this.#context = null;
		this.#saved = undefined;
	}

	/** Enters the realm, lets it run until it is idle, asks it for its state, and carries out what it did. */
	#step(nowMs: number, work: (runtime: Runtime) => void): void {
		const context = this.#context;
		if (context === null) return;
		let answer: unknown;
		this.#enter((runtime) => {
			work(runtime);
			// The realm's microtasks run when a script of the realm's ends.
			drain.runInContext(context);
			answer = runtime.state(this.#clock(nowMs));
		});
		if (isState(answer)) this.#latest = answer;
		this.#carryOut();
		if (this.isAlive && isState(answer)) this.#ports.idle(this, termOf(answer), isLeader(answer));
	}

	/** The one door into the realm. The runtime catches what the submission throws; what comes out all the same is not looked at. */
	#enter(work: (runtime: Runtime) => void): void {
		const runtime = this.#runtime;
		if (runtime === null) return;
		const enter = () => (this.#withStacks ? withPlainStacks(() => work(runtime)) : work(runtime));
		try {
			if (this.#stepLimitMs === undefined) enter();
			else if (!this.#enterInterruptibly(enter, this.#stepLimitMs)) this.#hangs(this.#stepLimitMs);
		} catch {
			this.#ports.fault(this, "exception", "the runtime of the machine was broken from inside", "");
		}
	}

	#enterInterruptibly(enter: () => void, limitMs: number): boolean {
		if (this.#counts !== undefined) fill.call(this.#counts, 0);
		return runInterruptibly(enter, limitMs);
	}

	/** A step was broken off: nobody can go on with what is left of the realm. */
	#hangs(limitMs: number): void {
		const stack = this.#counts === undefined ? undefined : this.#loops?.endless(this.#counts);
		this.drop();
		const sentence = `never comes to rest: one step of its code took more than ${limitMs / 1000} s of real time`;
		this.#ports.fault(this, "hang", sentence, stack ?? "");
	}

	/** Carries out what is in the outbox. A port may crash this very machine: then the rest never happened. */
	#carryOut(): void {
		const outbox = this.#runtime?.outbox;
		if (outbox === undefined || outbox[0] === 0) return;
		for (let i = 1; i < endOf(outbox) && this.isAlive; i += Effect.EFFECT_SLOTS) {
			this.#carryOutOne(outbox[i], outbox[i + 1], outbox[i + 2], outbox[i + 3], outbox[i + 4]);
		}
		outbox[0] = 0;
	}

	#carryOutOne(kind: unknown, a: unknown, b: unknown, c: unknown, d: unknown): void {
		const ports = this.#ports;
		switch (kind) {
			case Effect.call:
				ports.call(this, number(a), number(b), text(c), text(d));
				break;
			case Effect.reply:
				ports.reply(this, number(a), text(b));
				break;
			case Effect.timer:
				ports.setTimer(this, number(a), delay(b));
				break;
			case Effect.clearTimer:
				ports.clearTimer(this, number(a));
				break;
			case Effect.save:
				this.#saved = { raftState: a as Uint8Array, snapshot: b as Uint8Array };
				ports.save(this, byteLengthOf.call(a as Uint8Array), byteLengthOf.call(b as Uint8Array));
				break;
			case Effect.apply:
				ports.apply(this, { kind: "command", number: number(a), index: number(b), command: text(c) });
				break;
			case Effect.applySnapshot: {
				const snapshot = copyOut(d);
				ports.apply(this, { kind: "snapshot", number: number(a), index: number(b), term: number(c), snapshot });
				break;
			}
			case Effect.applyNothing:
				ports.apply(this, { kind: "nothing", number: number(a) });
				break;
			case Effect.log:
				ports.log(this, oneLine(text(a, TOPIC_MAX)), printable(text(b, LINE_MAX)));
				break;
			case Effect.fault:
				ports.fault(this, text(a) as FaultKind, sentenceOf(b), text(c, STACK_MAX));
				break;
			case Effect.started:
				this.#started = { index: number(a), term: number(b), isLeader: c === 1 };
				break;
		}
	}

	#pendingFaults(): [FaultKind, string, string][] {
		const outbox = this.#runtime?.outbox ?? [0];
		const faults: [FaultKind, string, string][] = [];
		for (let i = 1; i < endOf(outbox); i += Effect.EFFECT_SLOTS) {
			if (outbox[i] !== Effect.fault) continue;
			faults.push([text(outbox[i + 1]) as FaultKind, sentenceOf(outbox[i + 2]), text(outbox[i + 3], STACK_MAX)]);
		}
		return faults;
	}
}

function sentenceOf(value: unknown): string {
	return oneLine(namesAsWritten(text(value, SENTENCE_MAX)));
}

/** Whether this is a state as the runtime tells it: twice the term, plus one for a leader. */
function isState(answer: unknown): answer is number {
	return Number.isSafeInteger(answer) && (answer as number) >= 0;
}

function termOf(state: number): number {
	return Math.floor(state / 2);
}

function isLeader(state: number): boolean {
	return state % 2 === 1;
}

const TOPIC_MAX = 100;
const LINE_MAX = 10_000;
const SENTENCE_MAX = 2_100;
const STACK_MAX = 20_000;

/** Copies bytes of the host's into the realm. */
function copyInto(runtime: Runtime, bytes: Uint8Array): Uint8Array {
	const inside = runtime.allocate(bytes.length);
	setBytes.call(inside, bytes);
	return inside;
}

/** Copies bytes out of the realm, without running any code of it. */
function copyOut(value: unknown): Uint8Array {
	const inside = value as Uint8Array;
	const bytes = new Uint8Array(byteLengthOf.call(inside));
	// Memory that a submission has taken away holds nothing, and copying it would throw.
	if (bytes.length > 0) setBytes.call(bytes, inside);
	return bytes;
}
