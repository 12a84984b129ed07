using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Tests.Shared;

namespace Kernels.Tests.Driver;

/// <summary>
/// ManagedCudaMembers.txt lists the public members of ManagedCuda-12 12.8.60 that the program uses, as reflection over the package tells
/// them: whichever form of it is in use has them all.
/// </summary>
public sealed class ManagedCudaPackageTests
{
    static string[] Used => File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Kernels.Tests", "Driver", "ManagedCudaMembers.txt"));

    [Test]
    public void Every_member_used_is_there_with_its_signature() => Assert.That(Used, Is.SubsetOf(Members(CudaDevices.Package)));

    [Test]
    public void The_stand_in_offers_nothing_that_the_package_lacks()
    {
        if (!CudaDevices.PackageIsStandIn)
            Assert.Ignore("the program runs with the package itself");
        Assert.That(Members(CudaDevices.Package), Is.EquivalentTo(Used));
    }

    [Test]
    public void The_form_in_use_is_named()
    {
        string[] names = CudaDevices.PackageIsStandIn ? ["ManagedCuda.Builtin"] : ["ManagedCuda", "ManagedCuda.netCore"];
        Assert.That(CudaDevices.Package.GetName().Name, Is.AnyOf(names));
        Assert.That(CudaDevices.PackageVersion, Is.EqualTo(CudaDevices.PackageIsStandIn ? "1.0.0" : "12.8.60"));
    }

    [Test]
    public void Without_a_driver_it_says_so()
    {
        if (NativeLibrary.TryLoad("libcuda.so.1", out _) || NativeLibrary.TryLoad("nvcuda.dll", out _))
            Assert.Ignore("this machine has a CUDA driver");
        var failure = Assert.Throws<HarnessException>(() => CudaDevice.Open())!;
        Assert.That(failure.Diagnostic, Is.EqualTo(KernelCodes.NoCuda));
        Assert.That(failure.Message, Does.StartWith("no CUDA driver: ").And.Contains("is not there. Install the NVIDIA driver"));
    }

    static IEnumerable<string> Members(Assembly package) => package.GetExportedTypes().SelectMany(Of).Order(StringComparer.Ordinal);

    static IEnumerable<string> Of(Type type)
    {
        const BindingFlags declared = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name =>
                $"{type}.{name} = "
                + $"{Convert.ToString(Enum.Format(type, Enum.Parse(type, name), "d"), CultureInfo.InvariantCulture)} of "
                + $"{Enum.GetUnderlyingType(type).Name}");
        }
        return type.GetFields(declared).Select(field => $"{type}.{field.Name}: {field.FieldType}")
            .Concat(type.GetConstructors(declared).Select(constructor => $"{type}({Parameters(constructor)})"))
            .Concat(type.GetMethods(declared).Select(method => $"{type}.{method.Name}({Parameters(method)}): {method.ReturnType}"));
    }

    static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.ToString()));
}
