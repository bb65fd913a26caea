import { createFileRoute } from "@tanstack/react-router";
import { NewCustomer } from "@/features/customers/new-customer";

export const Route = createFileRoute("/_shell/customers/new")({ component: NewCustomerRoute });

function NewCustomerRoute() {
  const navigate = Route.useNavigate();
  return <NewCustomer onCreated={(customerId) => void navigate({ to: "/customers/$customerId", params: { customerId } })} />;
}
