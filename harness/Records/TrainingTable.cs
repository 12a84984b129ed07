namespace Harness.Records;

/// <summary>The columns of training.csv.</summary>
public static class TrainingTable
{
    public static CsvTable<TrainingRow> Csv { get; } = new(
        "training.csv",
        [
            ("model", row => row.Model),
            ("step", row => CsvFields.Write(row.Step)),
            ("tokens", row => CsvFields.WriteCount(row.Tokens)),
            ("loss_tokens", row => CsvFields.WriteCount(row.LossTokens)),
            ("sequences", row => CsvFields.WriteCount(row.Sequences)),
            ("seen_before", row => CsvFields.WriteCount(row.SeenBefore)),
            ("flops", row => CsvFields.WriteCount(row.Flops)),
            ("flops_without_head", row => CsvFields.WriteCount(row.FlopsWithoutHead)),
            ("loss", row => CsvFields.Write(row.Loss)),
            ("learning_rate", row => CsvFields.Write(row.LearningRate)),
            ("gradient_norm", row => CsvFields.Write(row.GradientNorm)),
            ("validation_loss", row => CsvFields.Write(row.ValidationLoss)),
            ("weights", row => row.Weights),
        ],
        fields => new TrainingRow
        {
            Model = fields.Text("model"),
            Step = fields.Whole("step", 1),
            Tokens = fields.Count("tokens"),
            LossTokens = fields.Count("loss_tokens"),
            Sequences = fields.Count("sequences"),
            SeenBefore = fields.Count("seen_before"),
            Flops = fields.Count("flops"),
            FlopsWithoutHead = fields.Count("flops_without_head"),
            Loss = fields.Real("loss"),
            LearningRate = fields.Real("learning_rate"),
            GradientNorm = fields.Real("gradient_norm"),
            ValidationLoss = fields.RealOrEmpty("validation_loss"),
            Weights = fields.Text("weights"),
        });
}
