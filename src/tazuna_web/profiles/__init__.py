"""The person's own profile (自分のプロフィール): nobody else's page shows it."""
