import { createFileRoute } from "@tanstack/react-router";
import { LettersPage } from "@/features/letters/letters-page";

export const Route = createFileRoute("/_shell/letters/")({
  validateSearch: (search: Record<string, unknown>): { after?: string } => ({ after: typeof search.after === "string" ? search.after : undefined }),
  component: LettersRoute,
});

function LettersRoute() {
  const { after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <LettersPage
      cursor={after}
      onCursor={(next) => void navigate({ search: { after: next } })}
      onPrepared={(batchId) => void navigate({ to: "/letters/$batchId", params: { batchId } })}
    />
  );
}
