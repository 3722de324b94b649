# What the tests share; each file dot-sources it in BeforeAll. 'dotnet test' starts the fake vendors and says where they are;
# run by hand (Invoke-Pester tests/pester, after a build) the files start them themselves.

$root = (Resolve-Path (Join-Path $PSScriptRoot .. ..)).Path
[cultureinfo]::CurrentUICulture = [cultureinfo]::InvariantCulture
Import-Module (Join-Path $root output PSImageGen) -Force
$ProgressPreference = 'SilentlyContinue'
$PSDefaultParameterValues['New-AIImage:Confirm'] = $false

# Leads this session to the fake vendors and to a state folder of its own.
function Connect-Vendor([switch] $All) {
    $env:PSIMAGEGEN_STATE = Join-Path $TestDrive state
    if (-not $env:FAKE_ORIGIN) {
        $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
        foreach ($word in 'run', '--project', (Join-Path $root tests PSImageGen.FakeProviders)) {
            $start.ArgumentList.Add($word)
        }

        $start.RedirectStandardOutput = $true
        $script:fakes = [Diagnostics.Process]::Start($start)
        while ($null -ne ($line = $script:fakes.StandardOutput.ReadLine()) -and $line -notlike 'Paste*') {
            if ($line -match '^\$env:(\w+) = ''(.*)''$') {
                Set-Item "Env:$($Matches[1])" $Matches[2]
            }
        }

        $env:FAKE_ORIGIN = ([uri] $env:OPENAI_BASE_URL).GetLeftPart('Authority')
    }

    # Two vendors are enough to tell what users type, one of each kind; the others would only be chosen where nobody is named.
    Get-ChildItem Env: | Where-Object { -not $All } | Where-Object Name -Match '^(STABILITY|FAL|REPLICATE|OPENROUTER|STABLE_DIFFUSION|CREATOK|SKILLS_VIDEO|WELLAPI)_' | Remove-Item
    Clear-Vendor
}

function Disconnect-Vendor {
    if ($script:fakes) {
        $script:fakes.Kill($true)
        $env:FAKE_ORIGIN = $null
        $script:fakes = $null
    }
}

# The vendors as new, and fast.
function Clear-Vendor {
    $null = Invoke-RestMethod -Method Post "$env:FAKE_ORIGIN/_control/reset"
    $null = Invoke-RestMethod -Method Post "$env:FAKE_ORIGIN/_control/settings" -Body '{"bflJobSeconds":0}'
}

function Add-Fault([hashtable] $Fault) {
    $null = Invoke-RestMethod -Method Post "$env:FAKE_ORIGIN/_control/faults" -Body ($Fault | ConvertTo-Json)
}

function Clear-Fault {
    $null = Invoke-RestMethod -Method Delete "$env:FAKE_ORIGIN/_control/faults"
}

# All requests that came to any vendor.
function Get-VendorRequest {
    (Invoke-RestMethod "$env:FAKE_ORIGIN/_control/state").requests
}

# The orders among them.
function Get-Order {
    Get-VendorRequest | Where-Object method -eq POST
}

# Runs something that fails, and gives its error records, whether they ended it or not.
function Get-Failure([scriptblock] $Script) {
    $ErrorActionPreference = 'Continue'
    try {
        & $Script *>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] }
    }
    catch {
        $_
    }
}

# Runs something and parts what it gives: objects, errors, warnings.
function Get-Stream([scriptblock] $Script) {
    $ErrorActionPreference = 'Continue'
    $all = @(& $Script 3>&1 2>&1)
    [pscustomobject]@{
        Objects  = @($all | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] -and $_ -isnot [Management.Automation.WarningRecord] })
        Errors   = @($all | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        Warnings = @($all | Where-Object { $_ -is [Management.Automation.WarningRecord] })
    }
}

# What the bytes of a picture say of it, read without the module's help.
function Get-PictureFact([string] $Path) {
    [byte[]] $bytes = [IO.File]::ReadAllBytes($Path)
    $text = [Text.Encoding]::Latin1.GetString($bytes)
    if ($text.StartsWith("$([char] 0x89)PNG`r`n$([char] 0x1A)`n", 'Ordinal')) {
        return [pscustomobject]@{
            Format = 'png'
            Width  = $bytes[18] * 256 + $bytes[19]
            Height = $bytes[22] * 256 + $bytes[23]
            Whole  = $text.EndsWith("IEND$([char] 0xAE)B``$([char] 0x82)", 'Ordinal')
        }
    }

    if ($text.StartsWith("$([char] 0xFF)$([char] 0xD8)$([char] 0xFF)", 'Ordinal')) {
        for ($at = 2; $bytes[$at + 1] -notin 0xC0, 0xC1, 0xC2; $at += 2 + $bytes[$at + 2] * 256 + $bytes[$at + 3]) {
            if ($bytes[$at] -ne 0xFF) { throw "$Path is no JPEG." }
        }

        return [pscustomobject]@{
            Format = 'jpeg'
            Width  = $bytes[$at + 7] * 256 + $bytes[$at + 8]
            Height = $bytes[$at + 5] * 256 + $bytes[$at + 6]
            Whole  = $text.EndsWith("$([char] 0xFF)$([char] 0xD9)", 'Ordinal')
        }
    }

    throw "$Path is no picture."
}

# A folder of its own for each test.
function Enter-Folder {
    Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid().ToString('n'))))
}
