import { createFileRoute } from "@tanstack/react-router";
import { TemplatePage } from "@/features/templates/template-page";

export const Route = createFileRoute("/_shell/templates/$id")({ component: TemplateRoute });

function TemplateRoute() {
  const { id } = Route.useParams();
  const navigate = Route.useNavigate();
  return (
    <TemplatePage key={id} id={id} onSaved={(template) => void navigate({ to: "/templates/$id", params: { id: template.id }, replace: true })} />
  );
}
