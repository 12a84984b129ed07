namespace Harness.Records;

/// <summary>The columns of throughput.csv. Files without joules_per_token, which came later, are read.</summary>
public static class ThroughputTable
{
    public static CsvTable<ThroughputRow> Csv { get; } = new(
        "throughput.csv",
        [
            ("precision", row => row.Precision),
            ("device", row => row.Device),
            ("isa", row => row.Isa),
            ("threads", row => CsvFields.Write(row.Threads)),
            ("batch", row => CsvFields.Write(row.Batch)),
            ("prompt_tokens", row => CsvFields.Write(row.PromptTokens)),
            ("tokens_per_sample", row => CsvFields.Write(row.TokensPerSample)),
            ("runs", row => CsvFields.Write(row.Runs)),
            ("tokens_per_second", row => CsvFields.Write(row.TokensPerSecond)),
            ("tokens_per_second_low", row => CsvFields.Write(row.TokensPerSecondLow)),
            ("tokens_per_second_high", row => CsvFields.Write(row.TokensPerSecondHigh)),
            ("samples_per_second", row => CsvFields.Write(row.SamplesPerSecond)),
            ("flops_per_second", row => CsvFields.Write(row.FlopsPerSecond)),
            ("ceiling_share", row => CsvFields.Write(row.CeilingShare)),
            ("joules_per_token", row => CsvFields.Write(row.JoulesPerToken)),
        ],
        fields => new ThroughputRow
        {
            Precision = fields.Text("precision"),
            Device = fields.Text("device"),
            Isa = fields.Text("isa"),
            Threads = fields.Whole("threads", 1),
            Batch = fields.Whole("batch", 1),
            PromptTokens = fields.Whole("prompt_tokens", 0),
            TokensPerSample = fields.Real("tokens_per_sample"),
            Runs = fields.Whole("runs", 1),
            TokensPerSecond = fields.Real("tokens_per_second"),
            TokensPerSecondLow = fields.Real("tokens_per_second_low"),
            TokensPerSecondHigh = fields.Real("tokens_per_second_high"),
            SamplesPerSecond = fields.Real("samples_per_second"),
            FlopsPerSecond = fields.RealOrEmpty("flops_per_second"),
            CeilingShare = fields.RealOrEmpty("ceiling_share"),
            JoulesPerToken = fields.Has("joules_per_token") ? fields.RealOrEmpty("joules_per_token") : null,
        });
}
