import { createFileRoute } from "@tanstack/react-router";
import { CardPage } from "@/features/card/card-page";

export const Route = createFileRoute("/_shell/customers/$customerId")({ component: CardPage });
