import { z } from "zod";

/**
 * The shape of action.yml and of workflows, as far as ours use it. GitHub's own is wider: what isn't here has not been thought of, neither by
 * the runner in this folder nor by the checks beside it, and is refused.
 */
const text = z.string().trim().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const named = <Item extends z.ZodType>(item: Item) => z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), item);

const common = {
	id: z.string().optional(),
	name: text.optional(),
	if: text.optional(),
	env: z.record(z.string().regex(/^[A-Z_]+$/), scalar).optional(),
	"continue-on-error": z.boolean().optional(),
};

const runStep = z.strictObject({ ...common, run: text, shell: z.literal("bash").optional() });
const usesStep = z.strictObject({ ...common, uses: text, with: named(scalar).optional() });
const step = z.union([runStep, usesStep]);

/** An action.yml of the composite kind: https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax */
export const compositeAction = z.strictObject({
	name: text,
	description: text,
	inputs: named(z.strictObject({ description: text, default: z.string() })),
	outputs: named(z.strictObject({ description: text, value: text })),
	runs: z.strictObject({
		using: z.literal("composite"),
		// In an action each script has to say its shell.
		steps: z.array(z.union([runStep.extend({ shell: z.literal("bash") }), usesStep])).min(1),
	}),
});

const input = z.discriminatedUnion("type", [
	z.strictObject({ description: text, type: z.literal("string"), default: z.string() }),
	z.strictObject({ description: text, type: z.literal("number"), default: z.number() }),
]);

const job = z.strictObject({
	name: text.optional(),
	needs: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
	if: text.optional(),
	"runs-on": z.literal("ubuntu-latest"),
	"timeout-minutes": z.union([z.number(), text]),
	outputs: named(text).default({}),
	strategy: z.strictObject({ "fail-fast": z.literal(false), matrix: named(text) }).optional(),
	steps: z.array(step).min(1),
});

/** A reusable workflow. */
export const reusableWorkflow = z.strictObject({
	name: text,
	on: z.strictObject({
		workflow_call: z.strictObject({
			inputs: named(input),
			outputs: named(z.strictObject({ description: text, value: text })),
		}),
	}),
	permissions: z.strictObject({ contents: z.literal("read") }),
	jobs: named(job),
});

export type ReusableWorkflow = z.infer<typeof reusableWorkflow>;
export type Job = z.infer<typeof job>;
export type Step = z.infer<typeof step>;
