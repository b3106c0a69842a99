"""From a person to a plan: profile, assessment, stage, gaps, plan and reviews; the same rules for form, conversation and HTTP."""
