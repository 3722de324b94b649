# The fake vendors as the crash test uses them; dot-sourced.

$root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
$vendors = 'OpenAI', 'BFL', 'Fal', 'Replicate', 'CreatOK', 'SkillsVideo', 'WellAPI'

# Vendors that list jobs, so that one whose answer was lost can be found.
$listing = 'Fal', 'Replicate', 'SkillsVideo'

# What a run can be taken up from.
$openStates = 'Submitting', 'Queued', 'Running', 'Downloading', 'Unknown'

function Open-Process([string] $File, [string[]] $Argument) {
    $info = [System.Diagnostics.ProcessStartInfo]::new($File)
    $info.RedirectStandardInput = $info.RedirectStandardOutput = $info.RedirectStandardError = $true
    $Argument | ForEach-Object { $info.ArgumentList.Add($_) }
    [System.Diagnostics.Process]::Start($info)
}

# Starts the fake vendors and leads this session, and those it starts, to them and to a state folder of their own.
function Connect-Vendor([string] $StateFolder) {
    $dll = Join-Path $root 'tests/PSImageGen.FakeProviders/bin/Release/net10.0/PSImageGen.FakeProviders.dll'
    dotnet build (Join-Path $root 'tests/PSImageGen.FakeProviders') --configuration Release --nologo --verbosity quiet | Out-Null
    $script:fakes = Open-Process 'dotnet' @($dll)
    $script:before = @{ PSIMAGEGEN_STATE = $env:PSIMAGEGEN_STATE }
    $env:PSIMAGEGEN_STATE = $StateFolder
    do {
        $line = $fakes.StandardOutput.ReadLine()
        if ($line -match "^\`$env:(?<name>\w+) = '(?<value>.*)'$") {
            $before[$Matches.name] = [System.Environment]::GetEnvironmentVariable($Matches.name)
            [System.Environment]::SetEnvironmentVariable($Matches.name, $Matches.value)
        }
    } until ($line -match 'Controls: (?<control>http\S+)/state')
    $script:control = $Matches.control
    $null = $fakes.StandardOutput.ReadToEndAsync()
    $script:complaint = $fakes.StandardError.ReadToEndAsync()

    # A job at SkillsVideo that no stream brought to its end runs until it is asked for: so long it is listed.
    $null = Invoke-Control settings Post @{
        openAIDelaySeconds = 0.1; wellAPIDelaySeconds = 0.1; bflJobSeconds = 0.2; falJobSeconds = 0.3
        replicateJobSeconds = 0.2; creatOKJobSeconds = 0.2; skillsVideoJobSeconds = 0.3; skillsVideoPollsUntilReady = 1
    }
}

function Disconnect-Vendor {
    foreach ($name in $before.Keys) {
        [System.Environment]::SetEnvironmentVariable($name, $before[$name])
    }

    $fakes.Kill($true)
    $fakes.Dispose()
}

function Invoke-Control([string] $Name, [string] $Method = 'Get', [object] $Body) {
    $json = if ($Body) { @{ Body = ConvertTo-Json -InputObject $Body -Depth 5; ContentType = 'application/json' } } else { @{} }
    try {
        Invoke-RestMethod "$control/$Name" -Method $Method @json
    }
    catch {
        if ($fakes.WaitForExit(1000)) {
            throw "The fake vendors ended with the exit code $($fakes.ExitCode). $($complaint.Result)"
        }

        throw
    }
}

# The vendors' books once nothing is under way there any more.
function Get-VendorState {
    do {
        $state = Invoke-Control state
    } while ($state.activeRequests -and -not (Start-Sleep -Milliseconds 10))
    $state
}
