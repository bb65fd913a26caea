import { createFileRoute } from "@tanstack/react-router";
import { TemplateList } from "@/features/templates/template-list";

export const Route = createFileRoute("/_shell/templates/")({
  validateSearch: (search: Record<string, unknown>): { after?: string } => ({ after: typeof search.after === "string" ? search.after : undefined }),
  component: TemplatesRoute,
});

function TemplatesRoute() {
  const { after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <TemplateList cursor={after} onCursor={(next) => void navigate({ search: { after: next } })} />;
}
