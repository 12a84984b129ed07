using System.Globalization;
using Harness.Engines;
using Harness.Engines.Kernels;
using Harness.Kernels.Configuration;

namespace Gpu;

/// <summary>machines/ID among the results: what was measured of this card. A row is written as soon as it is known.</summary>
sealed class MachineFolder
{
    readonly string folder;

    public MachineFolder(ProofSettings settings)
    {
        MachineFacts machine = new KernelEngine().Describe(Precision.W8A8, new Placement { Device = settings.Device });
        Name = machine.Name;
        folder = Path.Combine(settings.Output, "machines", machine.Name);
        Directory.CreateDirectory(folder);
    }

    public string Name { get; }

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(folder, file), text);

    /// <summary>Adds a row to a table, which begins with its header.</summary>
    /// <param name="values">Texts are quoted; numbers have four digits, and an unknown one is empty.</param>
    public void Append(string file, string header, params IReadOnlyList<object?> values)
    {
        string path = Path.Combine(folder, file);
        string row = string.Join(',', values.Select(value => value switch
        {
            string text => $"\"{text}\"",
            double number => number.ToString("G4", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => "",
        }));
        File.AppendAllText(path, (File.Exists(path) ? "" : $"{header}\n") + $"{row}\n");
    }
}
