import vm from "node:vm";
import { expect } from "chai";
import fc from "fast-check";
import { bundleProgram, compileProgram, withLoopCounts } from "../program.ts";
import { countLoops } from "./count-loops.ts";
import { endlessSite } from "./endless-site.ts";
import { slotsFor } from "./site.ts";

/** Runs a script with counters. */
function runCounting(code: string, timeout?: number) {
	const counting = countLoops(code);
	if (counting === undefined) throw new Error("it could not be read");
	const context = vm.createContext({ console }, { microtaskMode: "afterEvaluate" });
	const counts = new Float64Array(slotsFor(counting.sites));
	const script = new vm.Script(`${counting.code}(counts)`);
	(context as { counts?: unknown }).counts = counts;
	let value: unknown;
	try {
		value = script.runInContext(context, timeout === undefined ? {} : { timeout });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
	}
	return { value, counts, sites: counting.sites, code: counting.code };
}

/** Each is an expression, as a bundle is; what it is must not change by being counted. */
const PROGRAMS: Readonly<Record<string, string>> = {
	"a for loop": "(function(){let s=0;for(let i=0;i<5;i++){s+=i}return s})()",
	"loops without braces, nested, after if and else":
		"(function(){let s=0;if(1)for(let i=0;i<3;i++)for(const j of [1,2])s+=i*j;else for(;;);while(s<20)s++;do s+=2;while(s<30)\nreturn s})()",
	"an empty body": "(function(){let i=0;for(;i++<5;);return i})()",
	"labels, continue and break": `(function(){const out=[];outer: for(let i=0;i<4;i++){inner: for(let j=0;j<4;j++){
		if(j===2)continue outer;if(i===3)break outer;out.push([i,j])}}a: b: while(true){break a}return JSON.stringify(out)})()`,
	"a closure for each round":
		"(function(){const f=[];for(let i=0;i<3;i++)f.push(()=>i);return f.map(g=>g()).join()})()",
	"for in and for of":
		"(function(){let s='';for(const k in {a:1,b:2})s+=k;for(const [x,y] of [[1,2]])s+=x+y;return s})()",
	"arrows that return objects, arrows in arrows":
		"(function(){const f=a=>b=>({a,b}),g=x=>(x,x+1);return JSON.stringify([f(1)(2),g(3)])})()",
	"an arrow that ends a loop's body without a semicolon":
		"(function(){let f;for(let i=0;i<2;i++)f=()=>7\nreturn f()})()",
	"a statement without a semicolon before a loop": "(function(){let a=1\nlet b=a\nfor(;b<3;)b++\nreturn b})()",
	directives: '(function(){"use strict";return this===undefined?function(){"some directive";return 1}():0})()',
	"default parameters": "(function(){return (function(a=()=>1,{b=a()}={}){return a()+b})()})()",
	"classes: constructors, accessors, statics, fields, private methods": `(function(){class A{constructor(x){this.x=x}get y(){return this.x+1}set y(v){this.x=v}
		static #n=0;static{for(let i=0;i<3;i++)A.#n++}static n(){return A.#n}z=()=>this.x;#p(){return 5}p(){return this.#p()}}
		class B extends A{constructor(){super(2)}}const b=new B();b.y=7;return [b.y,B.n(),b.z(),b.p()].join()})()`,
	"statements that call, without braces or semicolons": `(function(){const out=[],p=x=>out.push(x)
		if(p(1))p(2)
		else p(3)
		if(out.length>9)p(4);else if(p(5)>9)p(6);else p(7)
		for(const x of [1,2])if(x>1)p(x);else for(;;){p(9);break}
		do p(8)
		while(p(0)<9)p(10)
		one:p(11)
		switch(p(12)){case 1:p(13);default:p(14)
		p(15)}
		return out.join()})()`,
	"functions that return functions, classes and templates": `(function(){const f=()=>class{static n=[1,2].map(x=>x*2);m=()=>\`\${(y=>y+1)(1)}\`},C=f();return [C.n.join(),new C().m(),f.name,C.name].join()})()`,
	"optional calls, spread and tagged templates": `(function(){const o={f:(...a)=>a.length,t:(s,...v)=>s.raw.join('|')+v};return [o.g?.(1)?.x,o.f(...[1,2],...'ab'),o.t\`a\${1}b\`,delete o?.f,typeof o.f].join()})()`,
	"what else a function can begin with":
		"(function(){'use strict'\nreturn [function(){'use strict'}(),(()=>{})(),({get a(){return 1},async b(){},*c(){yield 2},['d'+1]:()=>3}).d1()].join()})()",
	generators: "(function(){function*g(){for(let i=0;;i++){if(i>3)return;yield i}}return [...g()].join()})()",
	"switch, try and finally":
		"(function(){let s=0;for(let i=0;i<4;i++){switch(i){case 1:for(;;){break}continue;default:try{if(i===2)continue;s+=i}finally{s+=10}}}return s})()",
};

describe("counting loops", () => {
	for (const [what, code] of Object.entries(PROGRAMS)) {
		it(`leaves as it is: ${what}`, () => {
			expect(runCounting(code).value).to.deep.equal(vm.runInNewContext(code));
		});
	}

	it("leaves async code as it is", () => {
		const code = `(function(){const out=[];(async()=>{for await(const x of (async function*(){for(let i=0;i<3;i++)yield i})())out.push(x);
			const f=async y=>await y;out.push(await f(9))})();return out})()`;
		expect(runCounting(code).value).to.have.members([0, 1, 2, 9]).and.have.length(4);
	});

	it("keeps every line where it is", () => {
		const code = Object.values(PROGRAMS).join(";\n");
		const counted = countLoops(`(function(){${code}\n})`)?.code ?? "";
		const marks = (text: string) =>
			text.split("\n").map((line) => /return [^;]*$/.exec(line)?.[0].length !== undefined);
		expect(counted.split("\n").length).to.equal(code.split("\n").length + 2);
		expect(marks(counted).slice(0, 3)).to.deep.equal(marks(`(function(){${code}\n})\n})`).slice(0, 3));
	});

	it("gives up on what cannot be read", () => {
		expect(countLoops("(function(){ for( })")).to.equal(undefined);
		expect(countLoops(`${"(".repeat(100_000)}1${")".repeat(100_000)}`)).to.equal(undefined);
		expect(countLoops("(function(){ return typeof __raftGradeCounts })")).to.equal(undefined);
	});

	it("does not change what a program does, whatever it is", () => {
		const { statement } = fc.letrec<{ statement: string }>((tie) => ({
			statement: fc.oneof(
				{ maxDepth: 4, depthSize: "small" },
				fc.constantFrom(
					"s+=1;",
					"s*=2",
					"s+=h(s)",
					"void h(h(s))",
					";",
					"f=()=>s",
					"g=function(){return s}",
					"if(s%3===0)break;",
					"if(s%5===0)continue;",
				),
				fc.array(tie("statement"), { maxLength: 3 }).map((body) => `{${body.join("\n")}\n}`),
				fc
					.tuple(fc.integer({ min: 0, max: 4 }), tie("statement"))
					.map(([n, body]) => `for(let i=0;i<${n};i++)\n${body}`),
				fc
					.tuple(fc.integer({ min: 0, max: 4 }), tie("statement"))
					.map(([n, body]) => `for(const x of Array(${n}).keys())\n${body}`),
				tie("statement").map((body) => `if(s%2===0)\n${body}\nelse\n${body}`),
				tie("statement").map((body) => `do\n${body}\nwhile(false)`),
				fc.constant("label: for(const y of [1,2])\nfor(;;){s+=y;if(s>9)break label;continue label}"),
			),
		}));
		fc.assert(
			fc.property(statement, (body) => {
				const code = `(function(){let s=1,f,g;const h=x=>x%4;for(const once of [0]){\n${body}\n}\nreturn s+(f?f():0)+(g?g():0)})()`;
				expect(runCounting(code).value).to.equal(vm.runInNewContext(code));
			}),
			{ numRuns: 500 },
		);
	});

	it("changes no run: the reference takes the same course", async () => {
		const source = await bundleProgram(new URL("../../../reference/index.ts", import.meta.url).pathname);
		const counting = await withLoopCounts(source);
		expect(counting.sites).to.have.length.above(100);
		const { runTest } = await import("../../run.ts");
		const { parseSeed } = await import("../../sim/seed.ts");
		const hashes = await Promise.all(
			[source, counting].map(async (one) => {
				const run = { program: compileProgram(one), seed: parseSeed("1f"), servers: 3, journal: true };
				const { journal } = await runTest(run, async (cluster) => {
					for (let i = 0; i < 10; i++) await cluster.one(i, 3, true);
				});
				return journal?.hash();
			}),
		);
		expect(hashes[0]).to.be.a("string").that.equals(hashes[1]);
	});
});

/** Code that never comes to rest; the line at which it hangs is marked. */
const ENDLESS: Readonly<Record<string, string>> = {
	"an empty loop": "let i = 0;\nfor (;;); // HERE",
	"a while loop": "let i = 0;\nwhile (true) { // HERE\n\ti++;\n}",
	"the outer of two loops": "for (let i = 0; ; i++) { // HERE\n\tfor (let j = 0; j < 50; j++) Math.sqrt(j);\n}",
	"the inner of two loops":
		"for (let i = 0; i < 100; i++) {\n\tfor (let j = 0; j >= 0; j++) { // HERE\n\t\tMath.sqrt(j);\n\t}\n}",
	"a loop whose work is in a function with loops of its own":
		"function work() {\n\tlet s = 0;\n\tfor (let i = 0; i < 2000; i++) s += i;\n\treturn s;\n}\nwhile (work() > 0); // HERE",
	"a loop over promises": "(async () => {\n\twhile (true) { // HERE\n\t\tawait null;\n\t}\n})();",
	"a loop over an async function":
		"async function step() {\n\tawait null;\n}\n(async () => {\n\tfor (;;) await step(); // HERE\n})();",
	"a function that calls itself through promises":
		"function again() { // HERE\n\tPromise.resolve().then(again);\n}\nagain();",
	"two functions that call each other through promises":
		"const ping = () => Promise.resolve().then(pong); // HERE\nconst pong = () => Promise.resolve().then(ping);\nping();",
	"a generator without end":
		"function* all() {\n\tfor (let i = 0; ; i++) yield i;\n}\nconst seen = new Set();\nfor (const x of all()) seen.has(x); // HERE",
	"a regular expression":
		"function slow(text) {\n\treturn /^(a+)+$/.test(text); // HERE\n}\nslow('a'.repeat(40) + 'b');",
	"a regular expression, after a helper":
		"function quick() {}\nfunction slow(text) {\n\tquick();\n\tif (/^(a+)+$/.test(text)) return 1; // HERE\n\treturn 2;\n}\nslow('a'.repeat(40) + 'b');",
	"a regular expression, after long loops that came to an end":
		"let s = 0;\nfor (let i = 0; i < 300_000; i++) s += i;\nfunction slow(text) {\n\treturn /^(a+)+$/.test(text); // HERE\n}\nslow('a'.repeat(40) + 'b');",
	"a function that calls helpers more often than itself":
		"class Raft {\n\tlast() { return 1; }\n\tasync tick() { // HERE\n\t\tawait null;\n\t\tthis.last() + this.last() + this.last();\n\t\tvoid this.tick();\n\t}\n}\nconst raft = new Raft();\nraft.last();\nraft.tick();",
	"a function that calls itself without end, out of short loops":
		"function leaf() {}\nfunction visit(depth) { // HERE\n\tfor (let i = 0; i < 20; i++) {\n\t\tleaf();\n\t\tif (depth < 30) visit(depth + 1);\n\t}\n}\nvisit(0);",
	"a function, called while a loop over a long log waits":
		"const fib = (n) => n < 2 ? n : fib(n - 1) + fib(n - 2); // HERE\nfor (let i = 0; i < 3000; i++) fib(i < 2500 ? 3 : 80);",
	"a function, after a loop that was left with many rounds behind it":
		"const find = () => { for (let i = 0; ; i++) if (i > 20_000) return i; };\nfind();\nasync function again() { // HERE\n\tawait null;\n\tagain();\n}\nagain();",
	"a loop, after a longer one that came to an end":
		"let s = 0;\nfor (let i = 0; i < 300_000; i++) s += i;\n(async () => {\n\tfor (;;) await null; // HERE\n})();",
	"a loop around longer ones that come to an end":
		"let s = 0;\nfor (;;) { // HERE\n\tfor (let i = 0; i < 2_000; i++) s += i;\n}",
	"a loop around others that are left early":
		"outer: for (;;) { // HERE\n\tfor (let i = 0; ; i++) if (i === 50) continue outer;\n}",
	"a loop that always came to its end before":
		"function wait(n) {\n\tfor (let i = 0; i !== n; i++); // HERE\n}\nfor (let k = 0; k < 1000; k++) wait(k < 900 ? 20 : -1);",
	"a loop over a Set that grows":
		"const set = new Set([0]);\nfor (const x of set) set.delete(x), set.add(x + 1); // HERE",
	"a callback that a Map goes on calling":
		"const map = new Map([[0, 0]]);\nmap.forEach((_, key) => { // HERE\n\tmap.delete(key);\n\tmap.set(key + 1, 0);\n});",
};

describe("the place of a hang", () => {
	for (const [what, program] of Object.entries(ENDLESS)) {
		it(`is found: ${what}`, () => {
			const lines = program.split("\n").flatMap((line, i) => (line.includes("HERE") ? [i + 2] : []));
			// A machine that is busy with something else may not even have come to the endless part: it gets more time.
			const found = [200, 1000, 5000].some((timeout) => {
				const { counts, sites } = runCounting(`(function(){\n${program}\n})()`, timeout);
				return lines.includes(endlessSite(counts, sites)?.line ?? 0);
			});
			expect(found).to.equal(true);
		});
	}

	it("is no place of the host's, whatever was written into the counters", () => {
		const sites = [{ line: 1, column: 1, kind: "loop", functionName: "" } as const];
		for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 1e300]) {
			expect([undefined, sites[0]]).to.include(endlessSite(new Float64Array(slotsFor(sites)).fill(value), sites));
		}
	});

	it("is nowhere if nothing was passed", () => {
		expect(endlessSite([0], [])).to.equal(undefined);
	});

	it("names the function", () => {
		const { counts, sites } = runCounting(
			"(function(){\nclass Raft { tick() {\nfor(;;){} } }\nnew Raft().tick();})()",
			100,
		);
		expect(endlessSite(counts, sites)).to.include({ line: 3, kind: "loop", functionName: "tick" });
	});
});
