import { createFileRoute, redirect, useNavigate } from "@tanstack/react-router";
import { landingOf, meOptions } from "@/api/me";
import { SignInPage } from "@/features/session/sign-in-page";

/** Only a place inside the app may follow a sign-in. */
const safeNext = (value: unknown) =>
  typeof value === "string" && /^\/(?![/\\])/.test(value) && !value.startsWith("/sign-in") ? value : undefined;

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: safeNext(search.next) }),
  beforeLoad: ({ context, search }) => {
    if (context.queryClient.getQueryData(meOptions.queryKey)) throw redirect({ href: search.next ?? "/" });
  },
  component: SignInRoute,
});

function SignInRoute() {
  const { next } = Route.useSearch();
  const navigate = useNavigate();
  return <SignInPage onSignedIn={(me) => void navigate({ href: next ?? landingOf(me) })} />;
}
