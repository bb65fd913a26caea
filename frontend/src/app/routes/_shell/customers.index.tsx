import { createFileRoute } from "@tanstack/react-router";
import { CustomerList } from "@/features/customers/customer-list";

export const Route = createFileRoute("/_shell/customers/")({ component: CustomerList });
