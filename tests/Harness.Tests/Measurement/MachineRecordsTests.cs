using Harness.Diagnostics;
using Harness.Figures;
using Harness.Kernels.Diagnostics;
using Harness.Measurement;
using Harness.Records;
using Harness.Tests.Measurement.Fakes;

namespace Harness.Tests.Measurement;

[TestFixture]
sealed class MachineRecordsTests
{
    string results = "";

    [SetUp]
    public void CreateFolder() => results = Directory.CreateTempSubdirectory("harness-machines-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(results, recursive: true);

    [Test]
    public void Plots_of_every_machine_are_drawn_again_from_their_tables()
    {
        Write("cpu-x2", ThroughputTable.Csv.Write([Row(1), Row(16)]));
        Write("gpu-x1", ThroughputTable.Csv.Write([Row(4)]));

        MachineRecords.Redraw(results);

        foreach (string machine in new[] { "cpu-x2", "gpu-x1" })
        {
            string svg = File.ReadAllText(Path.Combine(results, "machines", machine, "throughput.svg"));
            Assert.That(FigureRenderer.NamedIn(svg), Is.EqualTo(FigureRenderer.Name));
            Assert.That(svg, Does.Contain($"Throughput on {machine}").And.Contain("w8a8, cpu, avx2, 2 threads"));
        }
    }

    [Test]
    public void Table_without_rows_and_results_without_machines_give_no_plot()
    {
        MachineRecords.Redraw(results);
        Write("cpu-x2", ThroughputTable.Csv.Write([]));

        MachineRecords.Redraw(results);

        Assert.That(Directory.GetFiles(results, "*.svg", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void Broken_table_is_named()
    {
        Write("cpu-x2", "nonsense\n1\n"u8.ToArray());

        HarnessException refused = Assert.Throws<HarnessException>(() => MachineRecords.Redraw(results))!;

        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.ResultsCorrupt));
    }

    void Write(string machine, byte[] table)
    {
        string folder = Directory.CreateDirectory(Path.Combine(results, "machines", machine)).FullName;
        File.WriteAllBytes(Path.Combine(folder, ThroughputTable.Csv.FileName), table);
    }

    static ThroughputRow Row(int batch) => ThroughputRows.Of(batch, 100 * batch, 90 * batch, 110 * batch);
}
