#if POWERSHELL_SDK
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PSImageGen.FakeProviders.Images;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.InProcess;

/// <summary>The module in a PowerShell that this process hosts. Compiled only with the property UsePowerShellSdk.</summary>
public sealed class HostedModuleTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("psimagegen-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_host_imports_the_module_and_makes_a_picture()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Repository.Module]);
        using Runspace runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using PowerShell shell = PowerShell.Create(runspace);

        PSObject result = Assert.Single(shell.AddCommand("New-AIImage")
            .AddParameter("Prompt", "a lighthouse")
            .AddParameter("Provider", "Demo")
            .AddParameter("Size", "96x64")
            .AddParameter("OutputDirectory", _folder.FullName)
            .Invoke());

        Assert.False(shell.HadErrors, string.Join('\n', shell.Streams.Error));
        Assert.Equal("Succeeded", result.Properties["Status"].Value.ToString());
        ImageFacts picture = ImageProbe.Read(File.ReadAllBytes((string)result.Properties["Path"].Value))!;
        Assert.Equal(("png", 96, 64), (picture.Format, picture.Width, picture.Height));
    }
}
#endif
