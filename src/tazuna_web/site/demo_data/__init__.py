"""The demo's sample consortium (見本コンソーシアム): simulated, dated as of today, stored as rows."""
