namespace Harness.Records;

/// <summary>
/// The columns of accuracy.csv. Of schema 1 are read: tokens in place of generated_tokens, and no column that came later.
/// </summary>
public static class AccuracyTable
{
    /// <summary>What today's schema calls a column of an accuracy.csv.</summary>
    public static string CurrentName(string column) => column == "tokens" ? "generated_tokens" : column;

    public static CsvTable<AccuracyRow> Csv { get; } = new(
        "accuracy.csv",
        [
            ("pool", row => row.Pool),
            ("strategy", row => row.Strategy),
            ("multiplier", row => CsvFields.Write(row.Multiplier)),
            ("difficulty", row => row.Difficulty),
            ("problems", row => CsvFields.Write(row.Problems)),
            ("accuracy", row => CsvFields.Write(row.Accuracy)),
            ("ci_low", row => CsvFields.Write(row.CiLow)),
            ("ci_high", row => CsvFields.Write(row.CiHigh)),
            ("bayes_low", row => CsvFields.WriteKnown(row.BayesLow)),
            ("bayes_high", row => CsvFields.WriteKnown(row.BayesHigh)),
            ("note", row => row.Note),
            ("mc_error", row => CsvFields.Write(row.MonteCarloError)),
            ("chance", row => CsvFields.Write(row.Chance)),
            ("chance_note", row => row.ChanceNote),
            ("upper_bound", row => row.IsUpperBound ? "1" : "0"),
            ("cut_off", row => CsvFields.WriteKnown(row.CutOff)),
            ("cut_off_wrong", row => CsvFields.WriteKnown(row.CutOffWrong)),
            ("cut_off_right", row => CsvFields.WriteKnown(row.CutOffRight)),
            ("no_answer", row => CsvFields.WriteKnown(row.NoAnswer)),
            ("prompt_tokens", row => CsvFields.WriteKnown(row.PromptTokens)),
            ("generated_tokens", row => CsvFields.WriteKnown(row.Tokens)),
            ("verifier_tokens", row => CsvFields.WriteKnown(row.VerifierTokens)),
            ("pruned_tokens", row => CsvFields.WriteKnown(row.PrunedTokens)),
            ("critical_tokens", row => CsvFields.WriteKnown(row.CriticalTokens)),
            ("flops", row => CsvFields.WriteKnown(row.Flops)),
            ("prompt_flops", row => CsvFields.WriteKnown(row.PromptFlops)),
            ("generated_flops", row => CsvFields.WriteKnown(row.GeneratedFlops)),
            ("verifier_flops", row => CsvFields.WriteKnown(row.VerifierFlops)),
            ("pruned_flops", row => CsvFields.WriteKnown(row.PrunedFlops)),
        ],
        fields => new AccuracyRow
        {
            Pool = fields.Text("pool"),
            Strategy = fields.Text("strategy"),
            Multiplier = fields.Whole("multiplier", 1),
            Difficulty = fields.Text("difficulty"),
            Problems = fields.Whole("problems", 1),
            Accuracy = fields.Real("accuracy"),
            CiLow = fields.Real("ci_low"),
            CiHigh = fields.Real("ci_high"),
            BayesLow = fields.RealIfKnown("bayes_low"),
            BayesHigh = fields.RealIfKnown("bayes_high"),
            Note = fields.Has("note") ? fields.Text("note") : "",
            MonteCarloError = fields.RealOr("mc_error", double.NaN),
            Chance = fields.RealOr("chance", double.NaN),
            ChanceNote = fields.Has("chance_note") ? fields.Text("chance_note") : "",
            IsUpperBound = fields.Has("upper_bound") && fields.Whole("upper_bound", 0, 1) == 1,
            CutOff = fields.RealIfKnown("cut_off"),
            CutOffWrong = fields.RealIfKnown("cut_off_wrong"),
            CutOffRight = fields.RealIfKnown("cut_off_right"),
            NoAnswer = fields.RealIfKnown("no_answer"),
            PromptTokens = fields.RealIfKnown("prompt_tokens"),
            Tokens = fields.RealIfKnown(fields.Has("generated_tokens") ? "generated_tokens" : "tokens"),
            VerifierTokens = fields.RealIfKnown("verifier_tokens"),
            PrunedTokens = fields.RealIfKnown("pruned_tokens"),
            CriticalTokens = fields.RealIfKnown("critical_tokens"),
            Flops = fields.RealIfKnown("flops"),
            PromptFlops = fields.RealIfKnown("prompt_flops"),
            GeneratedFlops = fields.RealIfKnown("generated_flops"),
            VerifierFlops = fields.RealIfKnown("verifier_flops"),
            PrunedFlops = fields.RealIfKnown("pruned_flops"),
        });
}
