namespace Harness.Records;

/// <summary>The columns of model-accuracy.csv.</summary>
public static class ModelAccuracyTable
{
    public static CsvTable<ModelAccuracyRow> Csv { get; } = new(
        "model-accuracy.csv",
        [
            ("evaluation", row => row.Evaluation),
            ("model", row => row.Model),
            ("loops", row => CsvFields.Write(row.Loops)),
            ("difficulty", row => row.Difficulty),
            ("problems", row => CsvFields.Write(row.Problems)),
            ("k", row => CsvFields.Write(row.K)),
            ("coverage", row => CsvFields.Write(row.Coverage)),
            ("ci_low", row => CsvFields.Write(row.CiLow)),
            ("ci_high", row => CsvFields.Write(row.CiHigh)),
            ("cut_off", row => CsvFields.Write(row.CutOff)),
            ("tokens", row => CsvFields.Write(row.Tokens)),
            ("flops", row => CsvFields.Write(row.Flops)),
            ("training_flops", row => CsvFields.WriteCount(row.TrainingFlops)),
        ],
        fields => new ModelAccuracyRow
        {
            Evaluation = fields.Text("evaluation"),
            Model = fields.Text("model"),
            Loops = fields.Whole("loops", 1),
            Difficulty = fields.Text("difficulty"),
            Problems = fields.Whole("problems", 1),
            K = fields.Whole("k", 1),
            Coverage = fields.Real("coverage"),
            CiLow = fields.Real("ci_low"),
            CiHigh = fields.Real("ci_high"),
            CutOff = fields.Real("cut_off"),
            Tokens = fields.Real("tokens"),
            Flops = fields.Real("flops"),
            TrainingFlops = fields.Count("training_flops"),
        });
}
