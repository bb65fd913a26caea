/** What the API says when it refuses (RFC 9457). Screens show `title` and `detail`; forms read `errors`. */
export type FieldError = { path: string; code: string; message: string };

export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string | null = null,
    readonly errors: FieldError[] = [],
    readonly requestId: string | null = null,
    /** What this kind of refusal says besides: `reason`, `limit`, `state`. */
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail ?? title);
  }

  /** Nothing answered: no network, or the server is down. */
  get isOffline(): boolean {
    return this.status === 0;
  }

  /** The server understood and said no: retrying as it is cannot help. */
  get isRefusal(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429;
  }
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, "unreachable", "");
}

export async function problemFrom(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const fields = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = (key: string) => (typeof fields[key] === "string" ? (fields[key] as string) : null);
  return new Problem(
    response.status,
    text("code") ?? "unexpected",
    text("title") ?? "",
    text("detail"),
    Array.isArray(fields["errors"]) ? (fields["errors"] as FieldError[]) : [],
    text("request_id") ?? response.headers.get("x-request-id"),
    fields,
  );
}
