import { createFileRoute } from "@tanstack/react-router";
import { FormPage } from "@/features/notices/form-page";

export const Route = createFileRoute("/_shell/privacy/forms/$id")({ component: FormRoute });

function FormRoute() {
  const { id } = Route.useParams();
  return <FormPage key={id} id={id} />;
}
