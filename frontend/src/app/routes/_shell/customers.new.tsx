import { createFileRoute } from "@tanstack/react-router";
import { NewCustomer } from "@/features/customers/new-customer";

export const Route = createFileRoute("/_shell/customers/new")({ component: NewCustomer });
